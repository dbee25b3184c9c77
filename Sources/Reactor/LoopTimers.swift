/// A loop's few timers: monotonic nanoseconds each, looked through as a whole.
struct LoopTimers {
    private var times = InlineArray<16, UInt64>(repeating: .max)
    /// The earliest.
    private(set) var next = UInt64.max

    mutating func set(_ timer: LoopTimer, at time: UInt64) {
        times[timer.rawValue] = time
        findNext()
    }

    /// One that has passed, which it forgets.
    mutating func takeExpired(at now: UInt64) -> LoopTimer? {
        guard next <= now else { return nil }
        for index in times.indices where times[index] <= now {
            times[index] = .max
            findNext()
            return LoopTimer(rawValue: index)
        }
        return nil
    }

    private mutating func findNext() {
        next = .max
        for index in times.indices { next = min(next, times[index]) }
    }
}
