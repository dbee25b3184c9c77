/// The partitions that one connection's logs went through, for topics whose timestamps say when the broker appended.
///
/// Logs that follow each other in one partition are one run, so a connection that stays where it is costs nothing.
struct PartitionRuns {
    private struct Run {
        let partition: Int32
        let first: Int
        var last: Int
        let firstTime: Int64
        var lastTime: Int64
    }

    private var runs: [Run] = []
    /// Which run a partition's next log may continue.
    private var latest: [Int32: Int] = [:]

    /// - Parameter time: when the broker appended it, in milliseconds.
    mutating func append(_ number: Int, in partition: Int32, at time: Int64) {
        if let index = latest[partition], runs[index].last + 1 == number {
            runs[index].last = number
            runs[index].lastTime = time
            return
        }
        latest[partition] = runs.count
        runs.append(Run(partition: partition, first: number, last: number, firstTime: time, lastTime: time))
    }

    /// The first log of every run that was stored before the one that precedes it, in another partition.
    func movedTooEarly() -> [Int] {
        guard runs.count > 1 else { return [] }
        let sorted = runs.sorted { $0.first < $1.first }
        var early: [Int] = []
        for (earlier, later) in zip(sorted, sorted.dropFirst())
        where earlier.partition != later.partition && later.firstTime < earlier.lastTime {
            early.append(later.first)
        }
        return early
    }
}
