/// When a loop hands over what it has gathered.
///
/// A tick that brings one log would else make a batch of one: with many connections that send now and then, making
/// and handing over such batches costs more than their logs.
struct HandOverPace {
    /// From one time to the next, nanoseconds; 0: with every tick.
    let interval: UInt64
    /// So much of one topic goes at once, bytes: gathering more would save nothing.
    static let enough = 64 * 1024

    private var last: UInt64 = 0

    init(interval: UInt64) { self.interval = interval }

    /// Whether a topic's logs go now. The first ones after a pause do.
    func isDue(heldBytes: Int, now: UInt64) -> Bool { heldBytes >= Self.enough || now &- last >= interval }

    mutating func handedOver(at now: UInt64) { last = now }

    /// When the rest goes, monotonic nanoseconds.
    var next: UInt64 { last &+ interval }
}
