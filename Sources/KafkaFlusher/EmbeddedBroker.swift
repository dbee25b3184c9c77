internal import CRdKafka
internal import LogPipeline

/// A Kafka broker in this process, on a loopback port of its own: librdkafka's mock cluster. It keeps nothing but
/// the latest few megabytes of each partition, in memory.
///
/// `@unchecked Sendable` because C's pointers are not `Sendable` of themselves: nothing here changes after it is made,
/// and the mock cluster behind the pointers locks by itself.
@safe final class EmbeddedBroker: @unchecked Sendable {
    private let owner: OpaquePointer
    let cluster: OpaquePointer
    /// `127.0.0.1:PORT`; several separated by commas.
    let address: String

    init(topics: [String], partitions: Int, brokers: Int32 = 1) throws(FlusherError) {
        var text = [CChar](repeating: 0, count: 256)
        guard let configuration = unsafe rd_kafka_conf_new() else { throw EmbeddedBroker.failure }
        unsafe rd_kafka_conf_set_log_cb(configuration, nil)
        guard let owner = unsafe rd_kafka_new(RD_KAFKA_PRODUCER, configuration, &text, text.count) else {
            unsafe rd_kafka_conf_destroy(configuration)
            throw EmbeddedBroker.failure
        }
        guard let cluster = unsafe rd_kafka_mock_cluster_new(owner, brokers) else {
            unsafe rd_kafka_destroy(owner)
            throw EmbeddedBroker.failure
        }
        unsafe self.owner = owner
        unsafe self.cluster = cluster
        address = unsafe String(cString: rd_kafka_mock_cluster_bootstraps(cluster))
        for topic in topics {
            _ = unsafe rd_kafka_mock_topic_create(cluster, topic, Int32(partitions), brokers)
        }
    }

    /// One more topic, with one replica.
    func create(_ topic: String, partitions: Int) {
        _ = unsafe rd_kafka_mock_topic_create(cluster, topic, Int32(partitions), 1)
    }

    private static let failure = FlusherError(
        setting: "output.kafka.embedded",
        message: "the in-process Kafka broker cannot be started"
    )

    deinit {
        unsafe rd_kafka_mock_cluster_destroy(cluster)
        unsafe rd_kafka_destroy(owner)
    }
}
