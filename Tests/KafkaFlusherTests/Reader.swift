import CRdKafka

/// Reads a topic back, from its beginning.
final class Reader {
    struct Header: Equatable {
        let name: String
        let value: [UInt8]?
    }

    struct Message: Equatable {
        let partition: Int32
        let text: String
        let timestamp: Int64
        let headers: [Header]
    }

    private let consumer: OpaquePointer

    init(hosts: String, topic: String, partitions: Int, properties: [String: String] = [:]) {
        let configuration = rd_kafka_conf_new()
        let all = properties.merging(["bootstrap.servers": hosts, "group.id": "reader", "log_level": "0"]) { $1 }
        for (name, value) in all { rd_kafka_conf_set(configuration, name, value, nil, 0) }
        consumer = rd_kafka_new(RD_KAFKA_CONSUMER, configuration, nil, 0)
        let list = rd_kafka_topic_partition_list_new(Int32(partitions))
        for partition in 0..<partitions {
            rd_kafka_topic_partition_list_add(list, topic, Int32(partition)).pointee.offset =
                Int64(RD_KAFKA_OFFSET_BEGINNING)
        }
        rd_kafka_poll_set_consumer(consumer)
        rd_kafka_assign(consumer, list)
        rd_kafka_topic_partition_list_destroy(list)
    }

    deinit { rd_kafka_destroy(consumer) }

    /// Reads until there are so many different texts, then for as long as more come at once.
    func read(distinct wanted: Int, seconds: Int = 30) -> [Message] {
        var messages: [Message] = []
        var different: Set<String> = []
        var patience = seconds * 10
        while patience > 0 {
            guard let message = rd_kafka_consumer_poll(consumer, 100) else {
                patience = different.count >= wanted ? patience - seconds * 3 : patience - 1
                continue
            }
            defer { rd_kafka_message_destroy(message) }
            guard message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR else { continue }
            let bytes = UnsafeRawBufferPointer(start: message.pointee.payload, count: message.pointee.len)
            let text = String(decoding: bytes, as: UTF8.self)
            different.insert(text)
            messages.append(
                Message(
                    partition: message.pointee.partition,
                    text: text,
                    timestamp: rd_kafka_message_timestamp(message, nil),
                    headers: Reader.headers(of: message)
                )
            )
        }
        return messages
    }

    private static func headers(of message: UnsafeMutablePointer<rd_kafka_message_t>) -> [Header] {
        var list: OpaquePointer?
        guard rd_kafka_message_headers(message, &list) == RD_KAFKA_RESP_ERR_NO_ERROR else { return [] }
        var headers: [Header] = []
        var name: UnsafePointer<CChar>?
        var value: UnsafeRawPointer?
        var size = 0
        while rd_kafka_header_get_all(list, headers.count, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR {
            let bytes = value.map { Array(UnsafeRawBufferPointer(start: $0, count: size)) }
            headers.append(Header(name: name.map { String(cString: $0) } ?? "", value: bytes))
        }
        return headers
    }
}
