/// A rate with room for bursts.
///
/// What came is taken whole, if need be on credit: a read cannot be handed back to the socket. So the answer is not
/// whether it may pass but how long to wait before the next.
package struct TokenBucket: Sendable, BitwiseCopyable {
    private static let nanoseconds = 1e9

    /// Units a second; zero or less is no bound.
    private let rate: Double
    private let burst: Double
    private var level: Double
    private var filled: UInt64

    /// A full bucket.
    ///
    /// - Parameters:
    ///   - ratePerSecond: zero or less: no bound.
    ///   - burst: what it holds at most.
    ///   - now: nanoseconds of a clock that only goes forward.
    package init(ratePerSecond: Double, burst: Double, now: UInt64) {
        rate = ratePerSecond
        self.burst = max(burst, 0)
        level = self.burst
        filled = now
    }

    /// - Returns: nanoseconds until it is out of debt; 0: go on.
    package mutating func take(_ amount: Double, at now: UInt64) -> UInt64 {
        guard rate > 0 else { return 0 }
        level = filling(at: now) - amount
        filled = max(filled, now)
        guard level < 0 else { return 0 }
        return UInt64(exactly: (-level / rate * TokenBucket.nanoseconds).rounded(.up)) ?? .max
    }

    func isFull(at now: UInt64) -> Bool { rate <= 0 || filling(at: now) >= burst }

    private func filling(at now: UInt64) -> Double {
        guard now > filled else { return level }
        return min(burst, level + Double(now - filled) / TokenBucket.nanoseconds * rate)
    }
}
