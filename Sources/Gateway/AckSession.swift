/// What a connection under `sluice.v1` has beyond others: its messages' numbers, and what its client was told.
final class AckSession {
    var numbering: Numbering
    /// What the last ack said.
    private(set) var acked: UInt64
    /// What the last word about reading said.
    private(set) var isPausedTold = false
    /// An ack or a word about reading is in the queue, or was when somebody last looked: no second one is put behind
    /// it.
    var hasSpoken = false
    /// In the list of those that speak at the end of the tick.
    var isListed = false
    /// Monotonic nanoseconds since when it has not been read.
    var pausedAt: UInt64 = 0
    /// Somebody looks whether a pause lasts.
    var isWatched = false

    /// Shorter pauses are not worth a word, nanoseconds.
    static let leastPause: UInt64 = 100 * millisecond

    /// Nil for a connection of which nothing is remembered.
    let key: SessionKey?
    private let first: UInt64
    private let isSplit: Bool
    /// Where the session stands with this connection.
    var tenure: Tenure

    enum Tenure {
        /// Another connection has it, or what that one had in flight is not settled.
        case waiting
        case held
        /// Nothing more of this connection will be received.
        case over
    }

    /// - Parameter first: the number of the first message.
    init(isSplit: Bool, first: UInt64, key: SessionKey?) {
        self.isSplit = isSplit
        self.first = first
        self.key = key
        tenure = key == nil ? .held : .waiting
        acked = first - 1
        numbering = Numbering(isSplit: isSplit, first: first)
    }

    /// The session is this connection's.
    func begin(_ memory: SessionMemory?) {
        tenure = .held
        numbering = Numbering(isSplit: isSplit, first: first, memory: memory, lane: key?.lane)
    }

    /// Drops or settled messages that the client was not told of.
    var hasNews: Bool { !numbering.unsaid.isEmpty || numbering.settledThrough > acked }

    /// Everything is settled and said.
    var isDone: Bool { !hasNews && numbering.isSettled }

    /// What an ack has to say; nil: nothing new.
    func nextAck() -> UInt64? {
        let settled = numbering.settledThrough
        guard settled > acked else { return nil }
        acked = settled
        return settled
    }

    /// Whether there is something new to say about reading.
    func wantsPause(isPaused: Bool, now: UInt64) -> Bool {
        isPaused != isPausedTold && (!isPaused || now >= pausedAt &+ Self.leastPause)
    }

    /// - Returns: what is to be said.
    func tellPause() -> Bool {
        isPausedTold.toggle()
        return isPausedTold
    }
}

@available(*, unavailable)
extension AckSession: Sendable {}
