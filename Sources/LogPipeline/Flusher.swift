/// The index of a topic within one flusher, given out by `Flusher.topic(named:)`.
package struct TopicIndex: Hashable, Sendable {
    package let rawValue: Int

    package init(rawValue: Int) { self.rawValue = rawValue }
}

/// What is wrong with a topic, for `/readyz` and for people.
package enum TopicHealth: Equatable, Sendable {
    case healthy
    /// - Parameters:
    ///   - reason: a stable word: `starting`, `brokers_down`, `unknown_topic`, `not_authorized`, `authentication`,
    ///     `no_leader`, `stalled`, `fatal`, `timed_out`, `configuration`.
    ///   - detail: one sentence for a person, naming the setting and the fix where there is one.
    case unhealthy(reason: String, detail: String)
}

/// Why a flusher could not start or could not take a topic.
package struct FlusherError: Error, Equatable, CustomStringConvertible {
    /// The setting at fault as a user writes it, `output.kafka.hosts` for example.
    package let setting: String
    package let message: String

    package init(setting: String, message: String) {
        self.setting = setting
        self.message = message
    }

    package var description: String { "\(setting): \(message)" }
}

/// A destination of logs.
///
/// Life: `topic(named:)` for each topic (later ones may follow), `start`, then `isReady`, `flush` and `health` from any loop's thread,
/// then `setUrgent(true)` and `stop`. What iLogtail's Flusher interface promises, with settlements added.
package protocol Flusher: AnyObject, Sendable {
    /// The index of a topic for the calls below; the same name gives the same index. A topic that comes after `start` is
    /// unhealthy until its destination has answered for it.
    func topic(named name: String) throws(FlusherError) -> TopicIndex

    /// The indices that these topics have, or that those of them which are new would be given in this order. Makes none
    /// known: it throws what `topic(named:)` would throw, while nothing has changed yet.
    func indices(for names: [String]) throws(FlusherError) -> [TopicIndex]

    /// From now on these topics alone are written to, and those that come later; what is in flight of others still
    /// counts. Of a topic without use nothing has to be found out any more until it is named again.
    func setUsed(_ topics: Set<TopicIndex>)

    /// Opens what it needs.
    ///
    /// - Parameter sinks: one for each loop; a batch's settlement goes to the sink of its `loop`.
    func start(sinks: [any SettlementSink]) throws(FlusherError)

    /// How many partitions the topic has; 1 until that is known. Cheap, lock-free.
    func partitions(of topic: TopicIndex) -> Int

    func health(of topic: TopicIndex) -> TopicHealth

    /// Whether more bytes for this topic may be taken from sockets. Cheap, lock-free, asked before every read.
    /// Hysteresis: false over the high-water mark or with an unhealthy sink, true again below the low-water mark.
    func isReady(_ topic: TopicIndex) -> Bool

    /// Whether a ready topic may take more from those too who send much of late; what is left until it is not ready is
    /// for those who send little. Cheap, lock-free, with hysteresis.
    func hasAmpleRoom(_ topic: TopicIndex) -> Bool

    /// Takes the batch; never blocks, never fails: what happens to a record comes back as its settlement.
    func flush(_ batch: Batch)

    /// The end is near: readiness opens up, waiting for fuller batches ends, everything goes out.
    func setUrgent(_ urgent: Bool)

    /// Flushes and releases. Blocks its caller for at most `deadline`; settlements go on reaching the sinks until
    /// it returns.
    ///
    /// - Returns: how many records were not settled.
    func stop(deadline: Duration) -> Int
}

/// Where settlements go: the inbox of a loop. Called from a flusher's thread.
package protocol SettlementSink: AnyObject, Sendable {
    /// These batches are whole again: every record of each is delivered or dropped. Ownership goes to the loop.
    func settled(_ batches: [Batch])

    /// `isReady`, `hasAmpleRoom`, `health` or `partitions` of a topic has changed.
    func readinessChanged(_ topic: TopicIndex)
}
