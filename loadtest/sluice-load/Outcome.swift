/// What one loop's share of a run came to; those of several are put together.
struct Outcome: Sendable {
    struct Failure: Equatable, Sendable {
        let connection: Int
        let reason: String
    }

    /// How many failures are named.
    static let failureLimit = 20

    /// By connection of the run.
    var sent: [Int: Int] = [:]
    /// Logs that were sent more than once, by connection.
    var again: [Int: [ClosedRange<Int>]] = [:]
    /// Logs handed over, those that were sent again included.
    var handed = 0
    /// Of their logs.
    var bytes = 0
    /// Of the server's messages.
    var heard = 0
    /// Logs that an answer was had to.
    var answered = 0
    /// Logs refused by the server, by its reason.
    var dropped: [String: Int] = [:]
    var droppedNames = LogNames()
    var pauses = 0
    var reconnects = 0
    private(set) var failed = 0
    private(set) var failures: [Failure] = []
    /// From when a log was due, or in a closed loop its write was made, to when the loop had room for it.
    var writes = LatencyHistogram()
    /// From the same to the server's answer.
    var replies = LatencyHistogram()
    /// From the first SYN to the handshake's answer.
    var handshakes = LatencyHistogram()
    var timeline = Timeline()
    /// Monotonic nanoseconds: the opening of the first connection and of the last, and the end of the last.
    var openingBegan: UInt64 = .max
    var openingEnded: UInt64 = 0
    var finished: UInt64 = 0

    mutating func addFailure(_ connection: Int, _ reason: String) {
        failed += 1
        if failures.count < Self.failureLimit { failures.append(Failure(connection: connection, reason: reason)) }
    }

    mutating func merge(_ other: Outcome) {
        sent.merge(other.sent) { $1 }
        again.merge(other.again) { $1 }
        handed += other.handed
        bytes += other.bytes
        heard += other.heard
        answered += other.answered
        dropped.merge(other.dropped, uniquingKeysWith: +)
        droppedNames.merge(other.droppedNames)
        pauses += other.pauses
        reconnects += other.reconnects
        failed += other.failed
        failures = Array((failures + other.failures).sorted { $0.connection < $1.connection }.prefix(Self.failureLimit))
        writes.merge(other.writes)
        replies.merge(other.replies)
        handshakes.merge(other.handshakes)
        timeline.merge(other.timeline)
        openingBegan = min(openingBegan, other.openingBegan)
        openingEnded = max(openingEnded, other.openingEnded)
        finished = max(finished, other.finished)
    }
}
