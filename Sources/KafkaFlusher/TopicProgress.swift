internal import Synchronization

/// How old the oldest unsettled record of a topic can be, without a list of them.
///
/// A partition stores in order, so what is left was received after what was stored last, and after the partition
/// was last seen empty. The later of the two bounds the age from above; the error is one sample.
struct TopicProgress {
    /// Monotonic nanoseconds by partition; 0: nothing known.
    private var since: [UInt64] = []

    private mutating func reserve(_ count: Int) {
        while since.count < count { since.append(0) }
    }

    mutating func stored(partition: Int, receivedAt: UInt64) {
        reserve(partition + 1)
        if receivedAt > since[partition] { since[partition] = receivedAt }
    }

    /// Takes a sample.
    ///
    /// - Returns: milliseconds; 0 if nothing is unsettled.
    mutating func oldest(in table: PartitionTable, now: UInt64) -> Int {
        reserve(table.partitions.count)
        var oldest: UInt64 = 0
        for (index, partition) in table.partitions.enumerated() {
            let isEmpty = partition.inFlight.load(ordering: .relaxed) == 0 && !partition.isHeld.load(ordering: .relaxed)
            if isEmpty || since[index] == 0 { since[index] = now }
            oldest = max(oldest, now - min(now, since[index]))
        }
        return Int(oldest / 1_000_000)
    }
}
