internal import CRdKafka

/// The answer to DescribeConfigs: how large a batch of each topic may be, and which topics want keys.
struct TopicLimits: Sendable {
    /// `max.message.bytes` by topic; without those that may not be asked for, or not here.
    private(set) var bytes: [String: Int] = [:]
    /// Topics that brokers have answered about, also that Sluice may not know.
    private(set) var answered: Set<String> = []
    /// Whether `cleanup.policy` has `compact`, alone or with `delete`: such a topic takes no record without a key.
    private(set) var compacted: [String: Bool] = [:]

    init(bytes: [String: Int]) { self.bytes = bytes }

    init(_ event: OpaquePointer) {
        guard unsafe rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR_NO_ERROR,
            let result = unsafe rd_kafka_event_DescribeConfigs_result(event)
        else { return }
        var count = 0
        let resources = unsafe rd_kafka_DescribeConfigs_result_resources(result, &count)
        // `for unsafe` is what the compiler wants here and the formatter breaks.
        for index in 0..<count {
            guard let resource = unsafe resources?[index], let name = unsafe rd_kafka_ConfigResource_name(resource)
            else {
                continue
            }
            // Other errors may pass: the question stays open.
            guard unsafe TopicLimits.isAnswer(rd_kafka_ConfigResource_error(resource)) else { continue }
            let topic = unsafe String(cString: name)
            let values = unsafe TopicLimits.values(of: resource)
            answered.insert(topic)
            bytes[topic] = values["max.message.bytes"].flatMap { Int($0) }
            compacted[topic] = values["cleanup.policy"].map(TopicLimits.compacts)
        }
    }

    static func isAnswer(_ error: rd_kafka_resp_err_t) -> Bool {
        switch error {
        case RD_KAFKA_RESP_ERR_NO_ERROR, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED,
            RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
            true
        default: false
        }
    }

    /// - Parameter policy: as Kafka writes it: `compact`, `delete`, or both with a comma between.
    static func compacts(_ policy: String) -> Bool {
        policy.split(separator: ",").contains { $0.trimmingPrefix(" ") == "compact" }
    }

    /// The settings of a topic that Sluice may see.
    private static func values(of resource: OpaquePointer) -> [String: String] {
        guard unsafe rd_kafka_ConfigResource_error(resource) == RD_KAFKA_RESP_ERR_NO_ERROR else { return [:] }
        var count = 0
        let entries = unsafe rd_kafka_ConfigResource_configs(resource, &count)
        var values: [String: String] = [:]
        for index in 0..<count {
            guard let entry = unsafe entries?[index], let name = unsafe rd_kafka_ConfigEntry_name(entry),
                let value = unsafe rd_kafka_ConfigEntry_value(entry)
            else { continue }
            values[unsafe String(cString: name)] = unsafe String(cString: value)
        }
        return values
    }
}
