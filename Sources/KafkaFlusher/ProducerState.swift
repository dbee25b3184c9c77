internal import LogPipeline
internal import Synchronization
internal import Telemetry

/// What the loops, the delivery thread and the thread that asks brokers share.
final class ProducerState: Sendable {
    let configuration: KafkaConfiguration
    let hosts: [String]
    private let table: KafkaTopics
    let sinks: [any SettlementSink]
    let logger: Logger
    let certificates: CertificateBundle?
    /// What a request takes, where batches wait for each other: with an idempotent producer.
    let requestLimits: RequestWindow.Limits?
    let inbox = KafkaInbox()
    let unsettled = Atomic<Int>(0)
    let reordered = Atomic<Int>(0)
    let uncertain = Atomic<Int>(0)
    let replacements = Atomic<Int>(0)
    let brokersDown = Atomic<Bool>(false)
    /// What librdkafka said last of itself, unread (`ProducerStatistics.head`): nobody may ever ask.
    let statistics = Mutex<String?>(nil)
    let isUrgent = Atomic<Bool>(false)
    /// Monotonic nanoseconds at which the delivery thread gives up; 0 before `stop`.
    let stopAt = Atomic<UInt64>(0)
    let hasEnded = Atomic<Bool>(false)
    private let current: Mutex<KafkaHandle>

    init(
        configuration: KafkaConfiguration,
        hosts: [String],
        topics: KafkaTopics,
        sinks: [any SettlementSink],
        logger: Logger
    ) throws(FlusherError) {
        self.configuration = configuration
        self.hosts = hosts
        table = topics
        self.sinks = sinks
        self.logger = logger
        certificates = try CertificateBundle.make(configuration.tls)
        requestLimits = ProducerState.requestLimits(configuration)
        let first = try ProducerState.makeHandle(
            configuration,
            hosts: hosts,
            certificates: certificates,
            batchBytes: ProducerState.batchBytes(configuration)
        )
        current = Mutex(first)
    }

    private static func requestLimits(_ configuration: KafkaConfiguration) -> RequestWindow.Limits? {
        guard configuration.isIdempotent else { return nil }
        let raw = configuration.librdkafka
        return RequestWindow.Limits(
            spacing: UInt64(max(0, configuration.lingerMilliseconds)) * 1_000_000,
            joining: UInt64(max(0, configuration.librdkafkaLinger) * 500_000),
            // The rest is for what the encoding adds to each record.
            bytes: (raw["batch.size"].flatMap(Int.init) ?? batchBytes(configuration)) / 4 * 3,
            records: raw["batch.num.messages"].flatMap(Int.init) ?? 10_000
        )
    }

    /// librdkafka's own default, or less where records are bounded to less.
    static func batchBytes(_ configuration: KafkaConfiguration) -> Int {
        min(1_000_000, configuration.maxMessageBytes + 512)
    }

    private static func makeHandle(
        _ configuration: KafkaConfiguration,
        hosts: [String],
        certificates: CertificateBundle?,
        batchBytes: Int
    ) throws(FlusherError) -> KafkaHandle {
        let properties = KafkaProperties(configuration, hosts: hosts, batchBytes: batchBytes)
        if let error = properties.errors.first { throw error }
        return try KafkaHandle(properties, batchBytes: batchBytes, bundle: certificates)
    }

    func makeHandle(batchBytes: Int) throws(FlusherError) -> KafkaHandle {
        try ProducerState.makeHandle(
            configuration,
            hosts: hosts,
            certificates: certificates,
            batchBytes: batchBytes
        )
    }

    /// Makes every topic known to a producer: all of them, or none of them changes.
    func equip(_ handle: KafkaHandle) throws(FlusherError) {
        let topics = topics
        var made: [OpaquePointer] = unsafe []
        for topic in topics { unsafe made.append(try handle.topic(named: topic.name)) }
        for index in topics.indices { unsafe topics[index].topicHandle = made[index] }
    }

    /// Lets the delivery thread end when everything is settled, and at this time at the latest.
    func end(at time: UInt64) {
        stopAt.store(time, ordering: .sequentiallyConsistent)
        post(.wake)
    }

    /// The producer of the moment.
    var handle: KafkaHandle {
        get { current.withLock { $0 } }
        set { current.withLock { $0 = newValue } }
    }

    /// Posts, and makes the delivery thread look.
    func post(_ post: KafkaInbox.Post) {
        inbox.post(post)
        handle.wake()
    }

    /// Tells the loops that a topic's readiness, or every topic's, is another.
    func tell(_ change: ReadinessChange, _ topic: TopicIndex) {
        switch change {
        case .none: break
        case .thisTopic: tell([topic])
        case .everyTopic: tell(topics.map(\.index))
        }
    }

    func tell(_ changed: some Sequence<TopicIndex>) {
        for sink in sinks {
            for topic in changed { sink.readinessChanged(topic) }
        }
    }

    /// Those that there are now.
    var topics: KafkaTopics.List { table.all }

    func topic(of batch: Batch) -> KafkaTopic { table[batch.topic] }

    func partition(of batch: Batch) -> KafkaPartition { topic(of: batch).table.partitions[Int(batch.partition)] }
}
