/// How much a connection has sent of late: who sends much waits sooner for a topic that fills up, so that who sends
/// little need not wait at all.
///
/// Without that one connection that sends as fast as it is taken fills its topic's bound, and every other one of the
/// topic waits until a quarter of it has drained: echoes at 20 a second took 49 ms in the median instead of 0.14.
struct ReadShare {
    /// Bytes within a window that are no matter.
    static let modest: UInt32 = 16 * 1024
    /// Nanoseconds as a power of two: 134 ms.
    private static let windowBits: UInt64 = 27

    private var window: UInt32 = 0
    private var bytes: UInt32 = 0
    private var wasLarge = false

    /// So many bytes were read.
    mutating func add(_ count: Int, at now: UInt64) {
        let current = ReadShare.window(at: now)
        if current != window { begin(current) }
        // A window is too short for so much that this would begin again at nothing.
        bytes &+= UInt32(truncatingIfNeeded: count)
    }

    /// Whether it was more than a little in this window or in the one before.
    func isLarge(at now: UInt64) -> Bool { isLarge(in: ReadShare.window(at: now)) }

    private mutating func begin(_ current: UInt32) {
        wasLarge = isLarge(in: current)
        window = current
        bytes = 0
    }

    private func isLarge(in current: UInt32) -> Bool {
        if current == window { return wasLarge || bytes > ReadShare.modest }
        return current == window &+ 1 && bytes > ReadShare.modest
    }

    private static func window(at now: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: now >> windowBits) }
}
