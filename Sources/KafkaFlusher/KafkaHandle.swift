internal import CRdKafka
internal import LogPipeline

/// One `rd_kafka_t` and its queue, released when nobody refers to it any more.
///
/// `@unchecked Sendable` because C's pointers are not `Sendable` of themselves: librdkafka's handles may be used from any
/// thread; what is mutable here belongs to whoever starts the flusher, and to the delivery thread from then on.
@safe final class KafkaHandle: @unchecked Sendable {
    let producer: OpaquePointer
    private let queue: OpaquePointer
    /// Topic handles by name; the delivery thread's alone.
    private var topics: [String: OpaquePointer] = unsafe [:]
    /// The bound of a MessageSet that this producer was made with.
    let batchBytes: Int

    /// - Throws: what librdkafka refuses, with the setting at fault.
    init(_ properties: KafkaProperties, batchBytes: Int, bundle: CertificateBundle?) throws(FlusherError) {
        self.batchBytes = batchBytes
        let configuration = try unsafe KafkaHandle.configuration(properties, bundle: bundle)
        unsafe rd_kafka_conf_set_events(
            configuration,
            RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_ERROR | RD_KAFKA_EVENT_LOG | RD_KAFKA_EVENT_STATS
        )
        var text = [CChar](repeating: 0, count: 512)
        guard let producer = unsafe rd_kafka_new(RD_KAFKA_PRODUCER, configuration, &text, text.count) else {
            unsafe rd_kafka_conf_destroy(configuration)
            let message = KafkaHandle.string(text)
            throw FlusherError(setting: KafkaHandle.settingNamed(in: message, properties), message: message)
        }
        unsafe self.producer = producer
        unsafe queue = rd_kafka_queue_get_main(producer)
        // With log.queue set librdkafka writes no line of its own; they come as events.
        _ = unsafe rd_kafka_set_log_queue(producer, queue)
    }

    deinit {
        // `for unsafe` is what the compiler wants here and the formatter breaks.
        while let (_, topic) = unsafe topics.popFirst() { unsafe rd_kafka_topic_destroy(topic) }
        unsafe rd_kafka_queue_destroy(queue)
        // Destroying joins librdkafka's threads; whoever let go last must not wait for that.
        let address = UInt(bitPattern: unsafe producer)
        KafkaThread.start(name: "kafka-destroy") {
            if let producer = unsafe OpaquePointer(bitPattern: address) { unsafe rd_kafka_destroy(producer) }
        }
    }

    /// - Returns: for `rd_kafka_new`, which takes it over unless it fails.
    static func configuration(
        _ properties: KafkaProperties,
        bundle: CertificateBundle?
    ) throws(FlusherError) -> OpaquePointer {
        guard let configuration = unsafe rd_kafka_conf_new() else {
            throw FlusherError(setting: "output.kafka", message: "librdkafka made no configuration")
        }
        var list = properties.list
        if let bundle { list.append(bundle.property) }
        var text = [CChar](repeating: 0, count: 512)
        for property in list {
            let result = unsafe rd_kafka_conf_set(configuration, property.name, property.value, &text, text.count)
            guard result != RD_KAFKA_CONF_OK else { continue }
            unsafe rd_kafka_conf_destroy(configuration)
            throw FlusherError(setting: property.setting, message: string(text))
        }
        return unsafe configuration
    }

    /// librdkafka names the property it stumbled over, in backquotes.
    private static func settingNamed(in message: String, _ properties: KafkaProperties) -> String {
        let named = properties.list.last { message.contains("`\($0.name)`") }
        return named?.setting ?? "output.kafka"
    }

    static func string(_ text: [CChar]) -> String {
        String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

extension KafkaHandle {
    /// The topic's handle; the same name gives the same one. The delivery thread's alone, after `start`.
    func topic(named name: String) throws(FlusherError) -> OpaquePointer {
        if let known = unsafe topics[name] { return unsafe known }
        guard let made = unsafe rd_kafka_topic_new(producer, name, nil) else {
            let reason = unsafe String(cString: rd_kafka_err2str(rd_kafka_last_error()))
            throw FlusherError(setting: "output.kafka.topic", message: "librdkafka makes no topic \(name): \(reason)")
        }
        unsafe topics[name] = made
        return unsafe made
    }

    /// The next event, to be given to `destroy`; nil after so many milliseconds without one, or after `wake`.
    func poll(milliseconds: Int32) -> OpaquePointer? { unsafe rd_kafka_queue_poll(queue, milliseconds) }

    func destroy(event: OpaquePointer) { unsafe rd_kafka_event_destroy(event) }

    /// Makes a `poll` return.
    func wake() { unsafe rd_kafka_queue_yield(queue) }

    /// Sends what lingers, and goes on doing so for so long or until nothing is in flight.
    func flush(milliseconds: Int32) { _ = unsafe rd_kafka_flush(producer, milliseconds) }

    /// Takes back what is in flight; each record comes back as a report.
    func purge(inFlight: Bool) {
        let flags = RD_KAFKA_PURGE_F_QUEUE | (inFlight ? RD_KAFKA_PURGE_F_INFLIGHT : 0)
        _ = unsafe rd_kafka_purge(producer, flags | RD_KAFKA_PURGE_F_NON_BLOCKING)
    }

    /// The error that has ended this producer, if one has.
    func fatalError() -> String? {
        var text = [CChar](repeating: 0, count: 512)
        let code = unsafe rd_kafka_fatal_error(producer, &text, text.count)
        return code == RD_KAFKA_RESP_ERR_NO_ERROR ? nil : KafkaHandle.string(text)
    }

    /// Asks for the metadata of all topics that this producer knows. Blocks for at most so many milliseconds.
    func metadata(milliseconds: Int32) throws(KafkaError) -> ClusterMetadata {
        var answer: UnsafePointer<rd_kafka_metadata>?
        let code = unsafe rd_kafka_metadata(producer, 0, nil, &answer, milliseconds)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR, let found = unsafe answer else {
            throw KafkaError(reason: HoldReason(code))
        }
        defer { unsafe rd_kafka_metadata_destroy(found) }
        return unsafe ClusterMetadata(unsafe found.pointee)
    }

    /// Asks for the topics' `max.message.bytes`; the answer comes as an event.
    func describe(topics names: [String], milliseconds: Int32) {
        var resources: [OpaquePointer?] = unsafe names.map { name in
            unsafe rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, name)
        }
        let options = unsafe rd_kafka_AdminOptions_new(producer, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS)
        var text = [CChar](repeating: 0, count: 128)
        _ = unsafe rd_kafka_AdminOptions_set_request_timeout(options, milliseconds, &text, text.count)
        unsafe rd_kafka_DescribeConfigs(producer, &resources, resources.count, options, queue)
        unsafe rd_kafka_AdminOptions_destroy(options)
        unsafe rd_kafka_ConfigResource_destroy_array(&resources, resources.count)
    }

    /// Hands records over one by one, with what the batch call cannot carry.
    ///
    /// - Returns: the error of each that was refused, with its index in `records`.
    func produce(
        singly records: UnsafeBufferPointer<rd_kafka_message_t>,
        extras: [RecordExtras],
        topic: OpaquePointer,
        partition: Int32
    ) -> [Refusal] {
        var refusals: [Refusal] = []
        var fields = unsafe Array(repeating: rd_kafka_vu_t(), count: 6)
        unsafe fields[0].vtype = RD_KAFKA_VTYPE_RKT
        unsafe fields[0].u.rkt = topic
        unsafe fields[1].vtype = RD_KAFKA_VTYPE_PARTITION
        unsafe fields[1].u.i32 = partition
        unsafe fields[2].vtype = RD_KAFKA_VTYPE_VALUE
        unsafe fields[3].vtype = RD_KAFKA_VTYPE_OPAQUE
        unsafe fields[4].vtype = RD_KAFKA_VTYPE_TIMESTAMP
        unsafe fields[5].vtype = RD_KAFKA_VTYPE_HEADERS
        for index in records.indices {
            // A copy, as librdkafka frees what it is given; what it refuses stays ours.
            let headers = unsafe extras[index].headers.flatMap { unsafe rd_kafka_headers_copy($0) }
            unsafe fields[2].u.mem.ptr = records[index].payload
            unsafe fields[2].u.mem.size = records[index].len
            unsafe fields[3].u.ptr = records[index]._private
            unsafe fields[4].u.i64 = extras[index].timestamp
            unsafe fields[5].u.headers = headers
            let count = unsafe headers == nil ? 5 : 6
            guard let error = unsafe rd_kafka_produceva(producer, fields, count) else { continue }
            refusals.append(Refusal(index: index, code: unsafe rd_kafka_error_code(error)))
            unsafe rd_kafka_error_destroy(error)
            if let headers = unsafe headers { unsafe rd_kafka_headers_destroy(headers) }
        }
        return refusals
    }
}
