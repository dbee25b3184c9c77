internal import Telemetry

/// What one loop has received and what became of it, as plain integers that the loop alone writes.
///
/// At every moment between two ticks: received = delivered + dropped + in flight.
package struct Ledger: ~Copyable {
    private var counts: LedgerSnapshot
    /// By topic.
    private var windows: [SettlementWindow]

    /// - Parameters:
    ///   - routes: how many there are; the index is the label `route`.
    ///   - topics: how many there are; the index is the `TopicIndex`.
    package init(routes: Int, topics: Int) {
        counts = LedgerSnapshot(routes: routes, topics: topics)
        windows = Array(repeating: SettlementWindow(), count: topics)
    }

    /// There are more routes or topics from now on; fewer are none fewer.
    package mutating func grow(routes: Int, topics: Int) {
        counts.grow(routes: routes, topics: topics)
        while windows.count < topics { windows.append(SettlementWindow()) }
    }

    /// Logs were received: the message of each is complete, or over `max_len`.
    /// - Parameter bytes: as received.
    package mutating func received(route: Int, logs: Int = 1, bytes: Int) {
        counts.received[route] &+= UInt64(logs)
        counts.receivedBytes[route] &+= UInt64(bytes)
        counts.inFlight &+= logs
    }

    /// Logs of a route so far, and their bytes.
    package func received(route: Int) -> (logs: UInt64, bytes: UInt64) {
        (counts.received[route], counts.receivedBytes[route])
    }

    /// Logs of a topic that were handed over and are not settled.
    package func inFlight(topic: Int) -> Int { counts.topicInFlight[topic] }

    /// Bytes that are no log: on a route that only replies.
    package mutating func receivedOnly(route: Int, bytes: Int) {
        counts.receivedBytes[route] &+= UInt64(bytes)
    }

    /// A log that was received was dropped before hand-over.
    package mutating func dropped(_ reason: DropReason) {
        counts.dropped[Int(reason.rawValue)] &+= 1
        counts.inFlight &-= 1
    }

    /// Before `Flusher.flush`: afterwards the batch belongs to the flusher.
    package mutating func handedOver(_ batch: Batch) {
        let topic = batch.topic.rawValue
        counts.inFlightBytes &+= batch.payloadBytes
        counts.topicInFlight[topic] &+= batch.count
        counts.topicBytes[topic] &+= batch.payloadBytes
        counts.batchSizes.observe(Double(batch.count))
        batch.sequence = windows[topic].open(at: batch.receivedAt)
    }

    /// A batch came back; before `LogWriter.settled`, which empties it.
    /// - Parameter now: monotonic nanoseconds.
    package mutating func settled(_ batch: Batch, now: UInt64) {
        let topic = batch.topic.rawValue
        windows[topic].settle(batch.sequence)
        counts.inFlightBytes &-= batch.payloadBytes
        counts.topicInFlight[topic] &-= batch.count
        counts.topicBytes[topic] &-= batch.payloadBytes
        counts.inFlight &-= batch.count
        let delivered = batch.count - batch.drops.count
        counts.delivered[topic] &+= UInt64(delivered)
        let age = now > batch.receivedAt ? now - batch.receivedAt : 0
        counts.delivery.observe(Double(age) / 1e9, count: delivered)
        for drop in batch.drops { counts.dropped[Int(drop.reason.rawValue)] &+= 1 }
    }

    /// - Parameters:
    ///   - heldBytes: of all writers of the loop (`LogWriter.heldBytes`).
    ///   - now: monotonic nanoseconds.
    package func snapshot(heldBytes: Int, now: UInt64) -> LedgerSnapshot {
        var copy = counts
        copy.inFlightBytes += heldBytes
        for (topic, window) in windows.enumerated() {
            let age = window.oldest.map { now > $0 ? now - $0 : 0 } ?? 0
            copy.topicOldest[topic] = age
            copy.oldestInFlight = max(copy.oldestInFlight, age)
        }
        return copy
    }
}
