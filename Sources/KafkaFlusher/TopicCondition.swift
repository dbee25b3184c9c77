internal import LogPipeline

/// What is known about one topic, and what that makes of its health. No librdkafka, no clock.
struct TopicCondition: Equatable {
    /// What concerns every topic.
    struct Cluster: Equatable {
        /// What librdkafka said last about a broker that it could not reach; nil while brokers answer.
        var unreachable: String?
        /// Why credentials were refused.
        var authentication: String?
        /// Why the producer is being replaced, when that is for an error.
        var fatal: String?
    }

    let name: String
    /// Nil until the brokers have answered for this topic.
    private(set) var metadata: ClusterMetadata.Topic?
    /// Its `max.message.bytes` was asked for and answered, or refused.
    private(set) var limitsKnown = false
    /// Why partitions are held, other than to find a record at fault.
    var held: HoldReason?
    /// Age of the oldest record in flight where that is over `stalled_after`, milliseconds.
    var stalledMilliseconds: Int?

    init(name: String) { self.name = name }

    mutating func answered(_ topic: ClusterMetadata.Topic) { metadata = topic }
    mutating func learnedLimits() { limitsKnown = true }

    /// Whether records may be produced as far as metadata can tell.
    var isUsable: Bool { metadata != nil && metadata?.problem == nil }

    /// Whether brokers should be asked again soon.
    var wantsMetadata: Bool { !isUsable || metadata?.leaderless != 0 }

    func health(_ cluster: Cluster) -> TopicHealth {
        if let text = cluster.authentication { return .unhealthy(reason: "authentication", detail: text) }
        if let text = cluster.unreachable {
            return .unhealthy(
                reason: "brokers_down",
                detail: HoldReason.brokersDown.detail(topic: name) + (text.isEmpty ? "" : ": \(text)")
            )
        }
        if let text = cluster.fatal { return .unhealthy(reason: "fatal", detail: text) }
        if let problem = metadata?.problem { return unhealthy(problem) }
        guard let metadata, limitsKnown else {
            return .unhealthy(reason: "starting", detail: "Kafka has not answered for topic \(name) yet")
        }
        if let held { return unhealthy(held) }
        if metadata.partitions > 0, metadata.leaderless == metadata.partitions { return unhealthy(.noLeader) }
        if let age = stalledMilliseconds {
            return .unhealthy(
                reason: "stalled",
                detail: "a record of topic \(name) has not been stored for \(age / 1_000) s"
            )
        }
        return .healthy
    }

    private func unhealthy(_ reason: HoldReason) -> TopicHealth {
        .unhealthy(reason: reason.word, detail: reason.detail(topic: name))
    }
}
