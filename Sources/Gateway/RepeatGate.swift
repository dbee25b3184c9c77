/// Lets one of many equal log lines through in an interval, and says how many it held back.
///
/// In front of the logger, because building a line costs more than dropping the log it is about.
struct RepeatGate {
    private var opensAt: UInt64 = 0
    private var heldBack = 0
    private let interval: UInt64

    /// - Parameter interval: nanoseconds.
    init(interval: UInt64) {
        self.interval = interval
    }

    /// - Returns: nil when nothing is to be said; else how many times that was so since the last line.
    mutating func pass(at now: UInt64) -> Int? {
        guard now >= opensAt else {
            heldBack += 1
            return nil
        }
        opensAt = now &+ interval
        defer { heldBack = 0 }
        return heldBack
    }
}
