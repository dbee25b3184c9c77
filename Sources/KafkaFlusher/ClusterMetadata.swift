internal import CRdKafka

/// What the brokers say about the topics of a producer.
struct ClusterMetadata: Sendable {
    struct Topic: Equatable, Sendable {
        /// Nil: the topic exists and may be seen.
        var problem: HoldReason?
        var partitions: Int
        /// Partitions without a leader.
        var leaderless: Int
    }

    private(set) var topics: [String: Topic] = [:]
    let brokers: Int

    init(topics: [String: Topic], brokers: Int) {
        self.topics = topics
        self.brokers = brokers
    }

    init(_ answer: rd_kafka_metadata) {
        brokers = unsafe Int(answer.broker_cnt)
        // `for unsafe` is what the compiler wants here and the formatter breaks.
        for index in unsafe 0..<Int(answer.topic_cnt) {
            let topic = unsafe answer.topics[index]
            guard let name = unsafe topic.topic else { continue }
            let partitions = unsafe UnsafeBufferPointer(start: topic.partitions, count: Int(topic.partition_cnt))
            topics[unsafe String(cString: name)] = Topic(
                problem: unsafe topic.err == RD_KAFKA_RESP_ERR_NO_ERROR ? nil : HoldReason(topic.err),
                partitions: partitions.count,
                leaderless: unsafe partitions.count { unsafe $0.leader < 0 }
            )
        }
    }
}
