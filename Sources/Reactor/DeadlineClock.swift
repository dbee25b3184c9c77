/// Turns nanoseconds into the coarse ticks that connections' deadlines are kept in, and says when to look at which.
///
/// An eighth of all deadlines is looked at every 125 ms, so a deadline is noticed up to 1.125 s late and never early.
/// Ticks are counted from the loop's start: 32 bits last 17 years.
struct DeadlineClock: BitwiseCopyable {
    /// No deadline.
    static let never = UInt32.max
    /// Nanoseconds.
    static let tickLength: UInt64 = 125_000_000
    static let slices = 8

    private let origin: UInt64
    /// Monotonic nanoseconds of the next look.
    private(set) var nextScan: UInt64
    private(set) var slice = 0

    init(origin: UInt64) {
        self.origin = origin
        nextScan = origin + Self.tickLength
    }

    /// The tick at whose beginning the time has surely come.
    func tick(at nanoseconds: UInt64) -> UInt32 {
        if nanoseconds == .max { return Self.never }
        guard nanoseconds > origin else { return 0 }
        let since = nanoseconds - origin
        let ticks = since / Self.tickLength + (since % Self.tickLength == 0 ? 0 : 1)
        return UInt32(min(ticks, UInt64(Self.never - 1)))
    }

    /// The last tick that has begun.
    func current(at now: UInt64) -> UInt32 {
        now > origin ? UInt32(min((now - origin) / Self.tickLength, UInt64(Self.never - 1))) : 0
    }

    /// Whether it is time to look, and then at the next eighth.
    mutating func beginScan(at now: UInt64) -> Bool {
        guard now >= nextScan else { return false }
        slice = (slice + 1) % Self.slices
        // A loop that was held up does not catch up: the next looks find what this one would have.
        nextScan = now - (now - origin) % Self.tickLength + Self.tickLength
        return true
    }
}
