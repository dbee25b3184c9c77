internal import LogPipeline
internal import Synchronization
internal import Telemetry

/// What is known about the brokers and every topic, and when to ask again. The delivery thread's.
struct HealthWatch {
    /// How long a topic waits for its limits before it is used without, nanoseconds; a later answer still counts.
    private static let limitsPatience: UInt64 = 300_000_000

    private let state: ProducerState
    private var cluster = TopicCondition.Cluster()
    private var topics: [TopicCondition]
    private var progress: [TopicProgress]
    private var changed: Set<TopicIndex> = []
    private let repeats: RateLimitedLogger
    private var said: [TopicIndex: String] = [:]
    private var lastBrokerText = ""
    private var lastDelivery: UInt64 = 0
    private var nextQuestion: UInt64 = 0
    private var questions = 0
    private var nextSample: UInt64 = 0
    private var limits: [String: Int] = [:]
    private var limitsAreWanted = false
    private var limitsAskedAt: UInt64 = 0

    init(_ state: ProducerState) {
        self.state = state
        repeats = RateLimitedLogger(state.logger)
        topics = state.topics.map { TopicCondition(name: $0.name) }
        progress = state.topics.map { _ in TopicProgress() }
    }

    mutating func takeChanged() -> Set<TopicIndex> {
        defer { changed = [] }
        return changed
    }

    /// Until when a poll may wait.
    var nextDeadline: UInt64 {
        let isWaiting = topics.contains { $0.isUsable && !$0.limitsKnown }
        return min(nextQuestion, nextSample, isWaiting ? limitsAskedAt + HealthWatch.limitsPatience : .max)
    }
}

// What comes in.
extension HealthWatch {
    /// There are topics that came after the start.
    mutating func addTopics() {
        for topic in state.topics.dropFirst(topics.count) {
            topics.append(TopicCondition(name: topic.name))
            progress.append(TopicProgress())
        }
        nextQuestion = 0
    }

    /// Nobody wrote to the topic for a while: what was wrong with it may be over.
    mutating func askAgain(_ topic: KafkaTopic) {
        let index = topic.index.rawValue
        if index < topics.count, !topics[index].isUsable { topics[index] = TopicCondition(name: topic.name) }
        nextQuestion = 0
    }

    mutating func brokerError(_ reason: HoldReason, text: String) {
        switch reason {
        case .authentication:
            let advice =
                KafkaProperties.scramIsUnsound
                    && (state.configuration.saslMechanism ?? "")
                        .uppercased().hasPrefix("SCRAM")
                ? "; \(KafkaProperties.scramAdvice)" : ""
            if cluster.authentication == nil { state.logger.error("kafka.authentication", ["detail": text + advice]) }
            cluster.authentication = "Kafka refuses the credentials of output.kafka: \(text)\(advice)"
        case .brokersDown:
            if text.contains("brokers are down") {
                cluster.unreachable = lastBrokerText
                nextQuestion = 0
            } else {
                lastBrokerText = text
            }
        default: lastBrokerText = text
        }
    }

    mutating func delivered(now: UInt64) {
        lastDelivery = now
        cluster.unreachable = nil
        cluster.authentication = nil
    }

    mutating func progressed(_ batch: Batch) {
        progress[batch.topic.rawValue].stored(partition: Int(batch.partition), receivedAt: batch.receivedAt)
    }

    /// - Returns: the topics that could not be used until now.
    mutating func answered(_ metadata: ClusterMetadata, isSuspended: Bool, now: UInt64) -> [KafkaTopic] {
        var recovered: [KafkaTopic] = []
        cluster.unreachable = nil
        cluster.authentication = nil
        for (topic, shared) in zip(topics.indices, state.topics) {
            guard let found = metadata.topics[shared.name] else { continue }
            let hadProblem = topics[topic].metadata?.problem != nil
            let isFirst = topics[topic].metadata == nil
            topics[topic].answered(found)
            // Asked for all of them together, some time ago.
            if isFirst { limitsAskedAt = 0 }
            guard found.problem == nil, found.partitions > 0 else { continue }
            if hadProblem {
                recovered.append(shared)
                limitsAskedAt = 0
            }
            let known = shared.partitionCount.load(ordering: .relaxed)
            shared.setPartitions(found.partitions, held: isSuspended)
            if known != found.partitions { changed.insert(shared.index) }
        }
        schedule(now)
        return recovered
    }

    mutating func unanswered(_ reason: HoldReason, asked: UInt64, now: UInt64) {
        if reason == .authentication {
            brokerError(.authentication, text: "metadata was refused")
        } else if lastDelivery < asked {
            cluster.unreachable = lastBrokerText
        }
        schedule(now)
    }

    mutating func learned(_ answer: TopicLimits) {
        for (topic, shared) in zip(topics.indices, state.topics) where topics[topic].isUsable {
            topics[topic].learnedLimits()
            guard let bytes = answer.bytes[shared.name] else { continue }
            let binds = bytes < state.configuration.maxMessageBytes
            let old = shared.recordLimit.exchange(binds ? bytes : .max, ordering: .relaxed)
            limits[shared.name] = bytes
            if binds, old != bytes {
                state.logger.warning(
                    "kafka.topic_limit",
                    ["topic": shared.name, "max.message.bytes": String(bytes)]
                )
            }
        }
    }

    mutating func replacing(_ fatal: String?) { cluster.fatal = fatal }
}

// What follows.
extension HealthWatch {
    private mutating func schedule(_ now: UInt64) {
        let isMissed = zip(topics, state.topics).contains { $0.wantsMetadata && $1.isWanted }
        let settled = cluster == TopicCondition.Cluster() && !isMissed
        questions = settled ? 0 : questions + 1
        let milliseconds =
            settled ? state.configuration.metadataRefreshMilliseconds : min(2_000, 50 << min(questions, 10))
        nextQuestion = now + UInt64(milliseconds) * 1_000_000
    }

    /// Whether brokers are to be asked now; asking is then taken as done.
    mutating func wantsMetadata(now: UInt64) -> Bool {
        guard now >= nextQuestion else { return false }
        // The answer sets the next time; this is for one that never comes.
        nextQuestion = now + 10_000_000_000
        if questions == 0 { limitsAreWanted = true }
        return true
    }

    /// A topic refused a record for its size.
    mutating func askLimits(now: UInt64) { limitsAreWanted = true }

    /// Whether the topics' `max.message.bytes` are to be asked for now; asking is then taken as done.
    mutating func wantsLimits(now: UInt64) -> Bool {
        let first = topics.contains { $0.isUsable && !$0.limitsKnown }
        guard limitsAreWanted || first, !describable.isEmpty, now >= limitsAskedAt + 1_000_000_000 else { return false }
        limitsAreWanted = false
        limitsAskedAt = now
        return true
    }

    /// Topics that exist.
    var describable: [String] { topics.filter(\.isUsable).map(\.name) }

    /// The bound of MessageSets that every topic takes, bytes.
    var batchBytes: Int {
        limits.values.reduce(ProducerState.batchBytes(state.configuration), min)
    }

    /// Looks at every topic; what has changed is told by `takeChanged`.
    ///
    /// - Parameter heldFor: why partitions of a topic are held.
    mutating func update(now: UInt64, heldFor: (KafkaTopic) -> HoldReason?) {
        // Brokers that cannot be asked for limits (the embedded one) must not hold up the start.
        if limitsAskedAt > 0, now >= limitsAskedAt + HealthWatch.limitsPatience { learned(TopicLimits(bytes: [:])) }
        let isSample = now >= nextSample
        if isSample { nextSample = now + 1_000_000_000 }
        state.brokersDown.store(cluster.unreachable != nil, ordering: .relaxed)
        for (index, shared) in zip(topics.indices, state.topics) {
            topics[index].held = heldFor(shared)
            if isSample {
                let age = progress[index].oldest(in: shared.table, now: now)
                let limit = state.configuration.stalledAfterMilliseconds
                topics[index].stalledMilliseconds = age > limit ? age : nil
            }
            let health = topics[index].health(cluster)
            let isWanted = shared.isWanted
            // Whoever comes back to it finds its trouble said.
            if !isWanted { said[shared.index] = nil }
            guard shared.setHealth(health) else { continue }
            changed.insert(shared.index)
            if isWanted { log(health, of: shared) }
        }
    }

    /// A changed detail of the same reason is for `/readyz`, not worth a line.
    private mutating func log(_ health: TopicHealth, of topic: KafkaTopic) {
        switch health {
        case .healthy:
            said[topic.index] = nil
            repeats.log(.info, "kafka.topic_healthy", about: topic.name, ["topic": topic.name])
        case .unhealthy(let reason, let detail):
            guard said.updateValue(reason, forKey: topic.index) != reason else { return }
            repeats.log(
                reason == "starting" ? .info : .warning,
                "kafka.topic_unhealthy",
                about: "\(topic.name) \(reason)",
                ["topic": topic.name, "reason": reason, "detail": detail]
            )
        }
    }
}
