/// What a connection of a session knows of those before it, and what the one behind it has to know.
struct SessionPast {
    /// Messages that earlier connections received whole, from the first one on whose fate the client may not know.
    let received: Range<UInt64>
    /// Logs that were received of the message behind them.
    let logsOfNext: UInt32
    /// Drops that are said again when their message is sent again.
    private var drops: ArraySlice<DropNotice>
    /// Drops that were said on this connection: whether they were heard, nobody knows before the next one.
    private var said: [DropNotice] = []
    private var saidBytes = 0
    /// What was dropped of messages before this one is known to the client, or forgotten.
    private var knownFrom: UInt64

    /// - Parameters:
    ///   - first: the number of the first message: the client knows what became of those before.
    ///   - memory: nil, or one that does not reach to that number: nothing is known.
    init(first: UInt64, memory: SessionMemory?) {
        knownFrom = first
        guard let memory, memory.continues(at: first) else {
            (received, logsOfNext, drops) = (first..<first, 0, [])
            return
        }
        received = first..<memory.received.upperBound
        logsOfNext = memory.logsOfNext
        drops = memory.drops.drop { $0.message < first }
    }

    /// - Parameter message: rising from call to call.
    mutating func drops(of message: UInt64) -> ArraySlice<DropNotice> {
        let found = drops.prefix { $0.message == message }
        drops = drops.dropFirst(found.count)
        return found
    }

    /// The client was told of these.
    mutating func said(_ notices: ArraySlice<DropNotice>) {
        said += notices
        saidBytes = notices.reduce(saidBytes) { $0 + $1.memoryBytes }
        // By half, so that not every one that is said moves all others.
        guard saidBytes > SessionMemory.mostDropBytes else { return }
        var count = 0
        while saidBytes > SessionMemory.mostDropBytes / 2 {
            knownFrom = max(knownFrom, said[count].message + 1)
            saidBytes -= said[count].memoryBytes
            count += 1
        }
        said.removeFirst(count)
    }

    /// - Parameters:
    ///   - number: of the message that is being read, or comes next.
    ///   - logsOfNext: how many of its logs are received.
    ///   - unsaid: drops that the client was not told of.
    func memory(upTo number: UInt64, logsOfNext: UInt32, drops unsaid: [DropNotice]) -> SessionMemory {
        // Cut again before it was where the last connection was: of the message behind nothing new came.
        let isBehind = number >= received.upperBound
        let end = max(number, received.upperBound)
        guard knownFrom <= end else { return SessionMemory(first: knownFrom) }
        return SessionMemory(
            received: knownFrom..<end,
            logsOfNext: isBehind ? logsOfNext : self.logsOfNext,
            drops: Array(drops) + said + unsaid
        )
    }
}
