/// What is remembered of a session between two connections, when everything it had in flight is settled: which of its
/// messages need not be sent again, and which drops its client may not have heard of.
struct SessionMemory: Equatable, Sendable {
    /// Whole messages from the first to the last of these were received, and of those that were dropped `drops` knows;
    /// empty: none were.
    private(set) var received: Range<UInt64>
    /// Logs of the message behind them that were received before the connection ended within it.
    private(set) var logsOfNext: UInt32 = 0
    /// By message, in any order within one. Those that the client has heard of may be among them.
    private(set) var drops: [DropNotice] = []
    /// Bytes of `drops`, about.
    private(set) var dropBytes = 0

    /// Bytes of drops that are remembered of one session.
    static let mostDropBytes = 64 * 1024

    /// - Parameter first: the number that the session begins with.
    init(first: UInt64) { received = first..<first }

    /// - Parameters:
    ///   - received: which messages were received whole.
    ///   - logsOfNext: logs that were received of the one behind them.
    ///   - drops: of these messages, in any order.
    init(received: Range<UInt64>, logsOfNext: UInt32, drops: [DropNotice]) {
        self.received = received
        self.logsOfNext = logsOfNext
        self.drops = drops.sorted { $0.message < $1.message }
        dropBytes = drops.reduce(0) { $0 + $1.memoryBytes }
        while dropBytes > Self.mostDropBytes { forgetFirstDrops() }
    }

    /// Messages whose drops are forgotten count as not received: sent again, they are judged again.
    private mutating func forgetFirstDrops() {
        let message = drops[drops.count / 2].message
        let count = drops.firstIndex { $0.message > message } ?? drops.count
        drops.removeFirst(count)
        dropBytes = drops.reduce(0) { $0 + $1.memoryBytes }
        if message < received.upperBound {
            received = max(received.lowerBound, message + 1)..<received.upperBound
        } else {
            self = SessionMemory(first: message + 1)
        }
    }

    /// Whether a connection that begins with this number goes on with what is remembered. It says that everything
    /// before is known to the client; what lies before `received` nobody knows any more.
    func continues(at number: UInt64) -> Bool { (received.lowerBound...received.upperBound).contains(number) }
}
