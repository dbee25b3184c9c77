import Reactor

/// The pace of a graceful end: how many connections are told to go at a time, so that they do not all come back
/// to the next gateway at once.
struct Draining {
    /// Monotonic nanoseconds; connections still there by then are cut.
    let deadline: UInt64
    let done: @Sendable () -> Void
    private var waiting: [ConnectionID]
    private let slice: Int

    /// Between two slices, nanoseconds.
    static let interval: UInt64 = 50 * millisecond
    /// How long a peer that was told may go on sending, nanoseconds.
    static let grace: UInt64 = 5 * second

    /// - Parameter connections: those that are open; all are told within a third of the time there is.
    init(connections: [ConnectionID], now: UInt64, deadline: UInt64, done: @escaping @Sendable () -> Void) {
        self.deadline = deadline
        self.done = done
        waiting = connections
        let time = deadline > now ? (deadline &- now) / 3 : 0
        let slices = max(1, Int(time / Self.interval))
        slice = max(10, (connections.count + slices - 1) / slices)
    }

    var isEverybodyTold: Bool { waiting.isEmpty }

    /// Who is told now.
    mutating func next() -> [ConnectionID] {
        let now = Array(waiting.suffix(slice))
        waiting.removeLast(now.count)
        return now
    }
}
