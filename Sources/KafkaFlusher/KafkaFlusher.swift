internal import Dispatch
package import LogPipeline
internal import Synchronization
package import Telemetry

/// Puts batches into Kafka through librdkafka.
///
/// A loop's `flush` hands its batch to librdkafka without copying; the delivery thread takes the reports, settles
/// batches, and keeps what Kafka refuses until it can be produced again, in order. See `PartitionHold` for that.
///
/// `@unchecked Sendable` because what `start` sets cannot be constant, and a lock around it would be taken with every read
/// of a socket (`isReady`): `start` is called before any loop runs; afterwards nothing here changes but what is atomic,
/// locked, or one thread's (`HandOver`).
package final class KafkaFlusher: Flusher, @unchecked Sendable {
    private let configuration: KafkaConfiguration
    private let logger: Logger
    private let budget: InFlightBudget
    private let topics = KafkaTopics()
    private var state: ProducerState?
    private var scratch: [HandOver] = []
    private var broker: EmbeddedBroker?
    private var cluster: ClusterMetrics?
    private let ended = DispatchSemaphore(value: 0)

    /// librdkafka's memory for one record in flight, bytes.
    ///
    /// Measured: resident memory of a program that hands over 200,000 and 1,000,000 records without copy to a
    /// producer (librdkafka 2.0.2) without brokers grows by 176 to 177 bytes a record; the rest is for what a request in the
    /// making adds.
    package static let overheadPerRecord = 192

    /// librdkafka's memory for the headers of a record in flight.
    ///
    /// Measured in the same way with 0 to 4 headers: 96 bytes more for a record that has any, 61 to 66 for each header
    /// beside its name and value.
    package static let headerOverhead = InFlightBudget.HeaderOverhead(perRecord: 96, perHeader: 72)

    package init(configuration: KafkaConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        budget = InFlightBudget(
            bytes: configuration.maxInFlightBytes,
            recordOverhead: KafkaFlusher.overheadPerRecord,
            headers: KafkaFlusher.headerOverhead
        )
    }

    deinit {
        state?.end(at: 1)
        cluster?.stop()
    }

    /// What can be said about a configuration without connecting to anything.
    package static func check(_ configuration: KafkaConfiguration) -> KafkaCheck { KafkaCheck(configuration) }

    package func topic(named name: String) throws(FlusherError) -> TopicIndex {
        guard TopicName.isValid(name) else { throw TopicName.error(name) }
        let found = topics.find(name) { KafkaTopic(name: name, index: $0, gate: budget.makeGate()) }
        guard let (topic, isNew) = found else { throw KafkaFlusher.tooManyTopics }
        if isNew, let state {
            broker?.create(name, partitions: configuration.embeddedPartitions)
            state.post(.newTopic(topic))
        }
        if !isNew, topic.setUsed(true) {
            topic.forgetTrouble()
            state?.post(.usedAgain(topic))
        }
        return topic.index
    }

    package func indices(for names: [String]) throws(FlusherError) -> [TopicIndex] {
        if let name = names.first(where: { !TopicName.isValid($0) }) { throw TopicName.error(name) }
        guard let indices = topics.foresee(names) else { throw KafkaFlusher.tooManyTopics }
        return indices
    }

    private static var tooManyTopics: FlusherError {
        FlusherError(
            setting: "topic",
            message: "more than \(KafkaTopics.most) topics since the start; restart Sluice"
        )
    }

    package func setUsed(_ used: Set<TopicIndex>) {
        for topic in topics.all where topic.setUsed(used.contains(topic.index)) && used.contains(topic.index) {
            state?.post(.usedAgain(topic))
        }
    }

    package func start(sinks: [any SettlementSink]) throws(FlusherError) {
        var hosts = configuration.hosts
        if configuration.usesEmbeddedBroker {
            let broker = try EmbeddedBroker(
                topics: topics.all.map(\.name),
                partitions: configuration.embeddedPartitions
            )
            hosts = [broker.address]
            self.broker = broker
            logger.warning(
                "kafka.embedded_broker",
                ["hosts": broker.address, "detail": "an in-process Kafka for trying things out: it keeps nothing"]
            )
        }
        for warning in KafkaCheck(configuration).warnings { logger.warning("kafka.configuration", ["detail": warning]) }
        let state = try ProducerState(
            configuration: configuration,
            hosts: hosts,
            topics: topics,
            sinks: sinks,
            logger: logger
        )
        let timestamped = configuration.recordTimestamp == .log
        scratch = sinks.map { _ in HandOver(capacity: configuration.bulkMaxSize, timestamped: timestamped) }
        try state.equip(state.handle)
        self.state = state
        let watch = BrokerWatch(state)
        KafkaThread.start(name: "kafka-watch") { watch.run() }
        let ended = self.ended
        KafkaThread.start(name: "kafka-delivery") {
            var thread = DeliveryThread(state, watch: watch)
            thread.run()
            watch.stop()
            ended.signal()
        }
        startMetrics(state)
    }

    private func startMetrics(_ state: ProducerState) {
        guard let metrics = configuration.clusterMetrics else { return }
        let plan = ClusterCollector.Plan(
            kafka: configuration,
            metrics: metrics,
            hosts: state.hosts,
            topics: topics,
            certificates: state.certificates
        )
        let cluster = ClusterMetrics(plan, logger: logger)
        cluster.start()
        self.cluster = cluster
    }

    package func partitions(of topic: TopicIndex) -> Int {
        topics[topic].partitionCount.load(ordering: .acquiring)
    }

    package func health(of topic: TopicIndex) -> TopicHealth { topics[topic].health }

    package func isReady(_ topic: TopicIndex) -> Bool { topics[topic].gate.isReady }

    package func hasAmpleRoom(_ topic: TopicIndex) -> Bool { topics[topic].gate.hasAmpleRoom }

    package func flush(_ batch: Batch) {
        guard let state else { preconditionFailure("flush before start") }
        let topic = state.topic(of: batch)
        state.tell(topic.gate.add(batch), topic.index)
        // librdkafka knows the batch by its address alone; released when it is whole.
        _ = unsafe Unmanaged.passRetained(batch)
        let partition = place(batch, in: topic)
        let dropped = dropTooLarge(batch, topic: topic)
        let count = batch.count - dropped.count
        state.unsettled.add(count, ordering: .relaxed)
        guard count > 0 else { return state.post(.whole(batch)) }
        if let limits = state.requestLimits {
            let inFlight = { partition.inFlight.load(ordering: .sequentiallyConsistent) }
            switch partition.waiting.admit(batch, inFlight: inFlight, now: Instant.now(), limits) {
            case .passed: break
            case .waits: return
            case .waitsUnseen: return state.handle.wake()
            }
        }
        scratch[batch.loop].pass(batch, of: partition, in: topic, state)
    }

    private func place(_ batch: Batch, in topic: KafkaTopic) -> KafkaPartition {
        let table = topic.table
        let count = min(table.partitions.count, topic.partitionCount.load(ordering: .acquiring))
        if Int(batch.partition) >= count { batch.move(to: batch.partition % Int32(count)) }
        let partition = table.partitions[Int(batch.partition)]
        batch.ticket = partition.nextTicket()
        return partition
    }

    private func dropTooLarge(_ batch: Batch, topic: KafkaTopic) -> [Int] {
        let limit = topic.recordLimit.load(ordering: .relaxed)
        guard limit < .max, batch.payloadBytes + batch.headerBytes > limit else { return [] }
        let dropped = unsafe batch.records.indices.filter { batch.bytes(ofRecord: $0) > limit }
        for index in dropped { _ = batch.settleDropped(record: index, reason: .recordTooLarge) }
        return dropped
    }

    package func setUrgent(_ urgent: Bool) {
        guard let state else { return }
        guard state.isUrgent.exchange(urgent, ordering: .relaxed) != urgent else { return }
        for topic in topics.all { state.tell(topic.gate.setUrgent(urgent), topic.index) }
        if urgent {
            UrgentFlush.start(state)
            cluster?.stop()
        }
        state.post(.wake)
    }

    package func stop(deadline: Duration) -> Int {
        guard let state else { return 0 }
        setUrgent(true)
        let limit = UInt64(max(0, deadline / .nanoseconds(1)))
        guard !state.hasEnded.load(ordering: .acquiring) else { return state.unsettled.load(ordering: .acquiring) }
        state.end(at: max(1, Instant.now() &+ limit))
        _ = ended.wait(timeout: .now() + .nanoseconds(Int(clamping: limit)))
        return state.unsettled.load(ordering: .acquiring)
    }

    /// What `/metrics` shows of Kafka.
    package var counters: KafkaCounters {
        KafkaCounters(
            reordered: state?.reordered.load(ordering: .relaxed) ?? 0,
            uncertain: state?.uncertain.load(ordering: .relaxed) ?? 0,
            producerReplacements: state?.replacements.load(ordering: .relaxed) ?? 0,
            allBrokersDown: state?.brokersDown.load(ordering: .relaxed) ?? false,
            unsettled: state?.unsettled.load(ordering: .relaxed) ?? 0,
            topics: topics.all.map {
                KafkaCounters.Topic(name: $0.name, bytesInFlight: $0.gate.bytes, health: $0.health)
            }
        )
    }

    /// What librdkafka says of its producer, for `/metrics`: at most `statistics.interval.ms` old.
    package var producerFamilies: [MetricFamily] {
        ProducerStatistics.families(state?.statistics.withLock { $0 }.flatMap(ProducerStatistics.init))
    }

    /// The bytes in flight that readiness goes by, and their bound.
    package var budgetBytes: (used: Int, bound: Int) {
        (topics.all.reduce(0) { $0 + $1.gate.bytes }, configuration.maxInFlightBytes)
    }

    /// The cluster's side as `/metrics` shows it, from memory; empty without `KafkaConfiguration.clusterMetrics`. For
    /// any thread.
    package func clusterText(_ format: MetricsFormat) -> String { cluster?.text(format) ?? "" }

    /// Bootstrap addresses in use: the embedded broker's where there is one. Empty before `start`.
    package var hosts: [String] { state?.hosts ?? [] }

    /// The embedded broker, for tests.
    var embeddedBroker: EmbeddedBroker? { broker }
    /// What the threads share, for tests.
    var shared: ProducerState? { state }
}
