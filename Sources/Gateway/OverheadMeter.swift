/// How many frames a connection has sent that carry nothing, beyond what it may: a leaky bucket with room for one
/// second's worth. Every connection has one, so it is of eight bytes.
struct OverheadMeter {
    /// Frames that are not paid for.
    private var debt: Float = 0
    /// Milliseconds, wrapping.
    private var paidAt: UInt32 = 0

    /// - Parameters:
    ///   - frames: how many came now.
    ///   - rate: how many a second are free.
    ///   - now: monotonic nanoseconds.
    /// - Returns: nanoseconds until they are paid for; 0: go on.
    mutating func take(_ frames: Int, rate: Int, at now: UInt64) -> UInt64 {
        let time = UInt32(truncatingIfNeeded: now / millisecond)
        let paid = Float(time &- paidAt) * Float(rate) / 1_000
        paidAt = time
        debt = max(0, debt - paid) + Float(frames)
        let excess = debt - Float(rate)
        return excess > 0 ? UInt64(Double(excess) / Double(rate) * Double(second)) : 0
    }
}
