import CRdKafka

/// librdkafka's mock cluster with one topic, and a producer for it.
final class MockKafka {
    let hosts: String
    private let owner: OpaquePointer
    private let cluster: OpaquePointer
    private let producer: OpaquePointer
    private let topic: OpaquePointer

    init(topic name: String, partitions: Int32) throws {
        owner = try Self.handle([:])
        cluster = rd_kafka_mock_cluster_new(owner, 1)
        rd_kafka_mock_topic_create(cluster, name, partitions, 1)
        hosts = String(cString: rd_kafka_mock_cluster_bootstraps(cluster))
        producer = try Self.handle(["bootstrap.servers": hosts, "linger.ms": "0"])
        topic = rd_kafka_topic_new(producer, name, nil)
    }

    deinit {
        rd_kafka_topic_destroy(topic)
        rd_kafka_destroy(producer)
        rd_kafka_mock_cluster_destroy(cluster)
        rd_kafka_destroy(owner)
    }

    /// Stores records in a partition, in this order.
    func store(_ records: [[UInt8]], in partition: Int32) throws {
        for record in records {
            var copy = record
            guard rd_kafka_produce(topic, partition, RD_KAFKA_MSG_F_COPY, &copy, copy.count, nil, 0, nil) == 0 else {
                throw Refused()
            }
        }
        guard rd_kafka_flush(producer, 30_000) == RD_KAFKA_RESP_ERR_NO_ERROR else { throw Refused() }
    }

    struct Refused: Error {}

    private static func handle(_ properties: [String: String]) throws -> OpaquePointer {
        let configuration = rd_kafka_conf_new()
        rd_kafka_conf_set(configuration, "log_level", "0", nil, 0)
        for (name, value) in properties { rd_kafka_conf_set(configuration, name, value, nil, 0) }
        guard let handle = rd_kafka_new(RD_KAFKA_PRODUCER, configuration, nil, 0) else { throw Refused() }
        return handle
    }
}
