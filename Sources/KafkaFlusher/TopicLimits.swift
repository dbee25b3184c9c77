internal import CRdKafka

/// The answer to DescribeConfigs: how large a batch of each topic may be, and which topics want keys.
struct TopicLimits: Sendable {
    /// `max.message.bytes` by topic; without those that may not be asked for, or not here.
    private(set) var bytes: [String: Int] = [:]
    /// Topics that brokers have answered about, also that they say nothing.
    private(set) var answered: Set<String> = []
    /// Those whose `cleanup.policy` has `compact`, alone or with `delete`: they take no record without a key.
    private(set) var compacted: Set<String> = []

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
            let topic = unsafe String(cString: name)
            let values = unsafe TopicLimits.values(of: resource)
            answered.insert(topic)
            bytes[topic] = values["max.message.bytes"].flatMap { Int($0) }
            if let policy = values["cleanup.policy"], TopicLimits.compacts(policy) { compacted.insert(topic) }
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
