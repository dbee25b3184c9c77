package import Telemetry

/// A loop's ledger at one moment, or the sum of several.
package struct LedgerSnapshot: Equatable, Sendable {
    /// Logs, by route.
    package internal(set) var received: [UInt64]
    /// Bytes of logs as received, by route.
    package internal(set) var receivedBytes: [UInt64]
    /// Logs stored, by topic.
    package internal(set) var delivered: [UInt64]
    /// Logs dropped, by `DropReason.rawValue`.
    package internal(set) var dropped: [UInt64]
    /// Logs received and neither delivered nor dropped.
    package internal(set) var inFlight = 0
    /// Payload bytes of the records of these logs.
    package internal(set) var inFlightBytes = 0
    /// Nanoseconds since the oldest of them was received, 0 when there is none.
    package internal(set) var oldestInFlight: UInt64 = 0
    /// Of the logs in flight those that were handed to the flusher, by topic.
    package internal(set) var topicInFlight: [Int]
    /// Payload bytes of these, by topic.
    package internal(set) var topicBytes: [Int]
    /// Nanoseconds since the oldest of these was received, by topic; 0 where there is none.
    package internal(set) var topicOldest: [UInt64]

    /// Records of each batch that was handed to the flusher.
    package internal(set) var batchSizes = Histogram(Histogram.sizes)
    /// Seconds from received to stored, of the logs delivered.
    package internal(set) var delivery = Histogram()

    package init(routes: Int, topics: Int) {
        received = Array(repeating: 0, count: routes)
        receivedBytes = Array(repeating: 0, count: routes)
        delivered = Array(repeating: 0, count: topics)
        dropped = Array(repeating: 0, count: DropReason.allCases.count)
        topicInFlight = Array(repeating: 0, count: topics)
        topicBytes = topicInFlight
        topicOldest = Array(repeating: 0, count: topics)
    }

    package func dropped(_ reason: DropReason) -> UInt64 { dropped[Int(reason.rawValue)] }

    /// The law: every log that was received is delivered, dropped or in flight.
    package var isBalanced: Bool {
        received.reduce(0, +) == delivered.reduce(0, +) + dropped.reduce(0, +) + UInt64(inFlight)
    }

    mutating func grow(routes: Int, topics: Int) {
        LedgerSnapshot.grow(&received, to: routes)
        LedgerSnapshot.grow(&receivedBytes, to: routes)
        LedgerSnapshot.grow(&delivered, to: topics)
        LedgerSnapshot.grow(&topicInFlight, to: topics)
        LedgerSnapshot.grow(&topicBytes, to: topics)
        LedgerSnapshot.grow(&topicOldest, to: topics)
    }

    /// The same counts by other indices.
    ///
    /// - Parameters:
    ///   - routes: the new index of each; several may have the same one.
    ///   - topics: the same; negative for those that never have any logs.
    package func regrouped(routes: [Int], topics: [Int]) -> LedgerSnapshot {
        var result = self
        result.received = LedgerSnapshot.regroup(received, routes)
        result.receivedBytes = LedgerSnapshot.regroup(receivedBytes, routes)
        result.delivered = LedgerSnapshot.regroup(delivered, topics)
        result.topicInFlight = LedgerSnapshot.regroup(topicInFlight, topics)
        result.topicBytes = LedgerSnapshot.regroup(topicBytes, topics)
        // No two topics have the same one.
        result.topicOldest = LedgerSnapshot.regroup(topicOldest, topics)
        return result
    }

    private static func regroup<Count: FixedWidthInteger>(_ counts: [Count], _ places: [Int]) -> [Count] {
        var sums = [Count](repeating: 0, count: (places.max() ?? -1) + 1)
        for (count, place) in zip(counts, places) where place >= 0 { sums[place] += count }
        return sums
    }

    private static func grow<Count: FixedWidthInteger>(_ counts: inout [Count], to count: Int) {
        if counts.count < count { counts += Array(repeating: 0, count: count - counts.count) }
    }

    /// Adds another loop's, which may know of more routes and topics.
    package mutating func merge(_ other: LedgerSnapshot) {
        grow(routes: other.received.count, topics: other.delivered.count)
        LedgerSnapshot.add(other.received, to: &received)
        LedgerSnapshot.add(other.receivedBytes, to: &receivedBytes)
        LedgerSnapshot.add(other.delivered, to: &delivered)
        LedgerSnapshot.add(other.dropped, to: &dropped)
        inFlight += other.inFlight
        inFlightBytes += other.inFlightBytes
        for topic in other.topicInFlight.indices {
            topicInFlight[topic] += other.topicInFlight[topic]
            topicBytes[topic] += other.topicBytes[topic]
            topicOldest[topic] = max(topicOldest[topic], other.topicOldest[topic])
        }
        batchSizes.merge(other.batchSizes)
        delivery.merge(other.delivery)
        oldestInFlight = max(oldestInFlight, other.oldestInFlight)
    }

    private static func add(_ other: [UInt64], to sums: inout [UInt64]) {
        for index in other.indices { sums[index] += other[index] }
    }
}
