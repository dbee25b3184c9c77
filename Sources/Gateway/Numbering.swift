import LogPipeline

/// The messages of one connection under `sluice.v1`: which number they have, what is settled, what was dropped.
///
/// Lent to the loop for the time of a read, so that a message costs no look into an object.
struct Numbering {
    private var tracker = SettlementTracker()
    /// Of the message that is being read, or comes next.
    private(set) var number: UInt64 = 1
    /// Drops that the client was not told of, of whole messages.
    private(set) var unsaid: [DropNotice] = []
    /// What these take, about.
    private(set) var unsaidBytes = 0
    /// Those of the message that is being read.
    private var open: [DropNotice] = []
    /// Logs of that message so far.
    private var logs: UInt32 = 0
    /// Bytes so far of its log that is being skipped.
    private var skipped = 0
    private var isKeepAlive = false
    /// Whether a message is several logs.
    private let isSplit: Bool
    /// Where the session's records go; nil: where the connection's do.
    let lane: Int?
    /// What is remembered beyond the connection; nil: nothing.
    private var past: SessionPast?
    /// Messages before this one were received on earlier connections.
    private var resentEnd: UInt64 = 0
    /// Logs of the message that were, when it was not whole.
    private var logsToPass: UInt32 = 0
    /// Messages that had been received before, since somebody asked.
    private var resent: UInt64 = 0

    /// - Parameters:
    ///   - first: the number of the first message.
    ///   - lane: of a session.
    init(isSplit: Bool = false, first: UInt64 = 1, lane: Int? = nil) {
        self.isSplit = isSplit
        self.lane = lane
        number = first
        tracker = SettlementTracker(settledThrough: first - 1)
    }

    /// Of a session.
    ///
    /// - Parameters:
    ///   - memory: of its earlier connections; all that they had in flight is settled.
    ///   - lane: the same one for all of them.
    init(isSplit: Bool, first: UInt64, memory: SessionMemory?, lane: Int?) {
        self.init(isSplit: isSplit, first: first, lane: lane)
        let past = SessionPast(first: first, memory: memory)
        resentEnd = past.received.upperBound
        self.past = past
        beginMessage()
    }

    /// All messages up to this one are settled; 0: none is.
    var settledThrough: UInt64 { tracker.settledThrough }

    /// Nothing waits for a settlement.
    var isSettled: Bool { tracker.settledThrough == number - 1 }

    /// Everything that was committed is settled, also of a message that will never be whole.
    var isAtRest: Bool { tracker.isSettled }

    /// The message that is being read was received before.
    var isResent: Bool { number < resentEnd }

    /// Logs of the message that is being read were dropped.
    var hasDropped: Bool { !open.isEmpty }

    // MARK: While a message is read

    /// For the next log of the message.
    func receipt(owner: UInt64) -> ReceiptKey {
        ReceiptKey(owner: owner, number: number, position: isSplit ? logs &+ 1 : 0)
    }

    /// A log of the message goes on its way.
    mutating func committed() {
        logs &+= 1
        tracker.committed(number: number, isWhole: false)
    }

    /// A log of the message was dropped.
    ///
    /// - Parameter limit: what its size is over; 0: there is no such bound.
    mutating func dropped(_ reason: DropReason, size: Int, limit: Int) {
        logs &+= 1
        skipped = size
        let position = isSplit ? logs : 0
        if let index = open.firstIndex(where: { $0.reason == reason }) {
            open[index].add(position: position, size: size)
        } else {
            open.append(DropNotice(message: number, reason: reason, size: size, limit: limit, position: position))
        }
    }

    /// - Parameter size: of the next log of the message, in bytes.
    /// - Returns: whether it was received before: it is neither counted nor sent on.
    mutating func passes(size: Int) -> Bool {
        guard isResent || logsToPass > 0 else { return false }
        if logsToPass > 0 { logsToPass -= 1 }
        logs &+= 1
        skipped = size
        return true
    }

    /// More of a log that is past `max_len`.
    mutating func skip(_ count: Int) {
        guard let index = open.firstIndex(where: { $0.reason == .maxLen }) else { return }
        skipped += count
        open[index].atLeast(size: skipped)
    }

    /// The message is the keep-alive `ping`, which has no number.
    mutating func keptAlive() { isKeepAlive = true }

    /// The message is whole.
    mutating func ended() {
        guard !isKeepAlive else {
            isKeepAlive = false
            return
        }
        tracker.received(number: number)
        if isResent { resent += 1 }
        number &+= 1
        logs = 0
        if !open.isEmpty {
            unsaid += open
            unsaidBytes = open.reduce(unsaidBytes) { $0 + $1.queuedBytes }
            open.removeAll(keepingCapacity: open.capacity <= 8)
        }
        if past != nil { beginMessage() }
    }

    /// What is remembered of the next message is said with it.
    private mutating func beginMessage() {
        open += past?.drops(of: number) ?? []
        logsToPass = number == resentEnd ? past?.logsOfNext ?? 0 : 0
    }

    /// Messages that had been received before, since this was last asked.
    mutating func takeResent() -> UInt64 {
        defer { resent = 0 }
        return resent
    }

    // MARK: Afterwards

    mutating func settled(_ receipt: Receipt) {
        tracker.settled(firstNumber: receipt.firstNumber, lastNumber: receipt.lastNumber, count: receipt.count)
    }

    /// A log was dropped behind hand-over.
    mutating func droppedLate(_ log: ReceiptKey, _ reason: DropReason, size: Int) {
        let last = unsaid.count - 1
        if last >= 0, log.position > 0, unsaid[last].message == log.number, unsaid[last].reason == reason {
            unsaidBytes -= unsaid[last].queuedBytes
            unsaid[last].add(position: log.position, size: size)
            unsaidBytes += unsaid[last].queuedBytes
        } else {
            let notice = DropNotice(
                message: log.number,
                reason: reason,
                size: size,
                limit: 0,
                position: log.position
            )
            unsaidBytes += notice.queuedBytes
            unsaid.append(notice)
        }
    }

    /// The client was told of the first so many of `unsaid`.
    mutating func said(_ count: Int) {
        guard count > 0 else { return }
        past?.said(unsaid[..<count])
        unsaidBytes = unsaid[..<count].reduce(unsaidBytes) { $0 - $1.queuedBytes }
        if count == unsaid.count {
            unsaid.removeAll(keepingCapacity: unsaid.capacity <= 64)
        } else {
            unsaid.removeFirst(count)
        }
    }

    /// What the next connection of the session has to know; nil: this is none.
    var memory: SessionMemory? {
        past?.memory(upTo: number, logsOfNext: logs &+ logsToPass, drops: unsaid + open)
    }
}
