import Synchronization

/// A number that may be dear to find out: after that it is taken as it was for a thousand times as long as it took, a
/// minute at most.
struct RestedCount {
    private var last: Int?
    private var restsUntil = Int64.min

    private static let factor: Int64 = 1_000
    private static let longest: Int64 = 60_000_000_000

    /// - Parameters:
    ///   - now: monotonic nanoseconds, asked before and after counting.
    ///   - count: nil where nobody tells.
    mutating func value(now: () -> Int64, count: () -> Int?) -> Int? {
        let begin = now()
        if let last, begin < restsUntil { return last }
        last = count()
        let end = now()
        restsUntil = end + min((end - begin) * Self.factor, Self.longest)
        return last
    }
}

/// How many descriptors this process has open. Before Linux 6.2 they have to be gone through one by one: 10 ms of
/// processor time for 10,000.
final class DescriptorCount: Sendable {
    private let rested = Mutex(RestedCount())

    func value() -> Int? {
        rested.withLock { $0.value(now: MonotonicClock.now) { ProcFile.entries("/proc/self/fd") } }
    }
}
