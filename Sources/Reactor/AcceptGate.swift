/// Whether a loop accepts, and how long it stops when descriptors or memory have run out.
struct AcceptGate: BitwiseCopyable, Equatable {
    /// Nanoseconds of the first pause; each further one is twice as long...
    static let firstPause: UInt64 = 100_000_000
    /// ...up to this.
    static let longestPause: UInt64 = 1_000_000_000

    private var pause = firstPause
    /// Monotonic nanoseconds when accepting is tried again; `UInt64.max` while it goes on.
    private(set) var resumeAt = UInt64.max

    var isPaused: Bool { resumeAt != .max }

    mutating func succeeded() { pause = Self.firstPause }

    mutating func exhausted(at now: UInt64) {
        resumeAt = now + pause
        pause = min(pause * 2, Self.longestPause)
    }

    /// Whether a pause has just ended.
    mutating func takeResume(at now: UInt64) -> Bool {
        guard resumeAt <= now else { return false }
        resumeAt = .max
        return true
    }
}
