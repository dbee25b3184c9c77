/// Doubling waits with equal jitter: between half and the whole of `initial * 2^attempt`, at most `maximum`.
struct Backoff: Equatable {
    /// Milliseconds.
    let initial: Int
    /// Milliseconds.
    let maximum: Int
    private(set) var attempts = 0

    init(initial: Int, maximum: Int) {
        self.initial = max(1, initial)
        self.maximum = max(initial, maximum, 1)
    }

    mutating func reset() { attempts = 0 }

    /// - Parameter random: uniformly distributed; the caller's, so that a test can choose it.
    /// - Returns: nanoseconds to wait before the next attempt.
    mutating func next(random: UInt64) -> UInt64 {
        // 2^20 times the shortest wait is over any sensible maximum; more would overflow.
        let whole = min(maximum, initial << min(attempts, 20))
        attempts += 1
        let half = UInt64(whole) * 500_000
        return half + random % (half + 1)
    }
}
