internal import CRdKafka

/// The answer to DescribeConfigs: how large a batch of each topic may be.
struct TopicLimits: Sendable {
    /// `max.message.bytes` by topic; without those that may not be asked for, or not here.
    private(set) var bytes: [String: Int] = [:]

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
            bytes[unsafe String(cString: name)] = unsafe TopicLimits.limit(of: resource)
        }
    }

    private static func limit(of resource: OpaquePointer) -> Int? {
        guard unsafe rd_kafka_ConfigResource_error(resource) == RD_KAFKA_RESP_ERR_NO_ERROR else { return nil }
        var count = 0
        let entries = unsafe rd_kafka_ConfigResource_configs(resource, &count)
        for index in 0..<count {
            guard let entry = unsafe entries?[index], let name = unsafe rd_kafka_ConfigEntry_name(entry),
                unsafe String(cString: name) == "max.message.bytes",
                let value = unsafe rd_kafka_ConfigEntry_value(entry)
            else { continue }
            return unsafe Int(String(cString: value))
        }
        return nil
    }
}
