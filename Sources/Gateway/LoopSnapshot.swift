package import LogPipeline
package import Telemetry

/// One consistent set of a loop's counters, taken by the loop itself between two messages.
package struct LoopSnapshot: Sendable {
    package var ledger: LedgerSnapshot
    /// Open connections by route.
    package var connections: [Int]
    package var accepted: UInt64 = 0
    /// By `RefusalReason`.
    package var refused = [UInt64](repeating: 0, count: RefusalReason.allCases.count)
    package var paused = 0
    /// By `SlowReason`.
    package var slowed = [UInt64](repeating: 0, count: SlowReason.allCases.count)
    /// Answers to POST, by `PostStatus`.
    package var posts = [UInt64](repeating: 0, count: PostStatus.allCases.count)
    package var tlsHandshakes: UInt64 = 0
    package var resets: UInt64 = 0
    package var echoesSkipped: UInt64 = 0
    package var acksSent: UInt64 = 0
    /// Messages that their session had received before.
    package var resent: UInt64 = 0
    /// Messages `ping`, which are no logs.
    package var keepAliveMessages: UInt64 = 0
    /// Connections whose inflater holds all of its memory, not only its window.
    package var inflaters = 0
    /// Refused logs that a dead letter topic tells of.
    package var deadLettersSent: UInt64 = 0
    /// Those of which none does.
    package var deadLettersLost: UInt64 = 0
    package var deadLettersInFlight = 0
    /// Seconds that each tick of the loops took.
    package var tickTimes = Histogram(Histogram.turns)

    package init(ledger: LedgerSnapshot, routes: Int) {
        self.ledger = ledger
        connections = Array(repeating: 0, count: routes)
    }

    /// Adds another loop's counters.
    package mutating func merge(_ other: LoopSnapshot) {
        ledger.merge(other.ledger)
        // A loop may have learned of more routes than another one.
        while connections.count < other.connections.count { connections.append(0) }
        for index in other.connections.indices { connections[index] += other.connections[index] }
        for index in refused.indices { refused[index] += other.refused[index] }
        for index in slowed.indices { slowed[index] += other.slowed[index] }
        for index in posts.indices { posts[index] += other.posts[index] }
        accepted += other.accepted
        tlsHandshakes += other.tlsHandshakes
        paused += other.paused
        resets += other.resets
        echoesSkipped += other.echoesSkipped
        acksSent += other.acksSent
        resent += other.resent
        keepAliveMessages += other.keepAliveMessages
        inflaters += other.inflaters
        deadLettersSent += other.deadLettersSent
        deadLettersLost += other.deadLettersLost
        deadLettersInFlight += other.deadLettersInFlight
        tickTimes.merge(other.tickTimes)
    }
}
