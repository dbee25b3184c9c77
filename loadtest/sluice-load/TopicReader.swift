internal import CRdKafka

/// Follows every partition of a topic from where it ends when this is made. Blocks: it wants a thread of its own.
@safe struct TopicReader: ~Copyable {
    /// Records taken at a time.
    private static let batchLimit = 4_096
    /// Milliseconds that the brokers have for an answer.
    private static let patience: Int32 = 10_000
    /// Bytes of librdkafka's error texts.
    private static let errorSize = 512

    /// Where each partition is followed from.
    let offsets: [Int32: Int64]
    private let handle: OpaquePointer
    private let queue: OpaquePointer
    private let batch: UnsafeMutablePointer<UnsafeMutablePointer<rd_kafka_message_t>?>

    /// - Throws: `TopicReaderError`, when the topic does not answer within ten seconds or a property is wrong.
    init(_ topic: Arguments.Topic, properties: [KafkaProperty]) throws(TopicReaderError) {
        let handle = unsafe try Self.open(topic, properties)
        offsets = unsafe try Self.follow(topic.name, with: handle)
        unsafe self.handle = handle
        unsafe queue = rd_kafka_queue_get_consumer(handle)
        unsafe batch = .allocate(capacity: Self.batchLimit)
        unsafe batch.initialize(repeating: nil, count: Self.batchLimit)
    }

    deinit {
        unsafe batch.deallocate()
        unsafe rd_kafka_queue_destroy(queue)
        unsafe rd_kafka_consumer_close(handle)
        unsafe rd_kafka_destroy(handle)
    }

    /// Waits for records, a tenth of a second at most, and gives each of them to the tally.
    ///
    /// - Parameter note: told of every whole log of the run.
    /// - Returns: how many there were.
    func read(
        run: [UInt8],
        sizes: SizeTable,
        into tally: inout VerifyTally,
        note: (LogName) -> Void = { _ in }
    ) -> Int {
        // A batch is waited for until it is full: so for one record, and then for no more than what is there.
        var count = unsafe rd_kafka_consume_batch_queue(queue, 100, batch, 1)
        if count == 1 {
            count += unsafe max(0, rd_kafka_consume_batch_queue(queue, 0, batch + 1, Self.batchLimit - 1))
        }
        var records = 0
        for index in 0..<max(0, count) {
            guard let message = unsafe batch[index] else { continue }
            // What is no record is an error that librdkafka goes on after: an answer that is late, a broker away.
            if unsafe message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR {
                records += 1
                let sighting = unsafe Self.sighting(message, run: run, sizes: sizes)
                tally.add(sighting)
                if case .intact(let connection, let number) = sighting.reading {
                    note(LogName(connection: connection, number: number))
                }
            }
            unsafe rd_kafka_message_destroy(message)
        }
        return records
    }

    private static func sighting(
        _ message: UnsafeMutablePointer<rd_kafka_message_t>,
        run: [UInt8],
        sizes: SizeTable
    ) -> Sighting {
        let payload = unsafe UnsafeRawBufferPointer(start: message.pointee.payload, count: message.pointee.len)
        var kind = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE
        let time = unsafe rd_kafka_message_timestamp(message, &kind)
        return unsafe Sighting(
            reading: LogForm.read(payload.bytes, run: run, sizes: sizes),
            partition: message.pointee.partition,
            offset: message.pointee.offset,
            appended: kind == RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME ? time : nil
        )
    }

    private static func open(
        _ topic: Arguments.Topic,
        _ properties: [KafkaProperty]
    ) throws(TopicReaderError) -> OpaquePointer {
        let own = [
            ("bootstrap.servers", topic.hosts), ("group.id", "sluice-load"), ("client.id", "sluice-load"),
            ("enable.auto.commit", "false"), ("auto.offset.reset", "earliest"), ("check.crcs", "true"),
            ("fetch.wait.max.ms", "50"), ("fetch.message.max.bytes", "4000000"), ("log_level", "2"),
        ]
        var text = [CChar](repeating: 0, count: errorSize)
        let configuration = unsafe rd_kafka_conf_new()
        for (name, value) in own + properties.map({ ($0.name, $0.value) }) {
            guard unsafe rd_kafka_conf_set(configuration, name, value, &text, errorSize) == RD_KAFKA_CONF_OK else {
                unsafe rd_kafka_conf_destroy(configuration)
                throw .property(name, reason: words(text))
            }
        }
        guard let handle = unsafe rd_kafka_new(RD_KAFKA_CONSUMER, configuration, &text, errorSize) else {
            unsafe rd_kafka_conf_destroy(configuration)
            throw .topic(topic.name, reason: words(text))
        }
        unsafe rd_kafka_poll_set_consumer(handle)
        return unsafe handle
    }

    /// Ends the handle where it fails.
    private static func follow(_ topic: String, with handle: OpaquePointer) throws(TopicReaderError) -> [Int32: Int64] {
        do throws(TopicReaderError) {
            let offsets = unsafe try ends(handle, topic: topic)
            unsafe try assign(handle, topic: topic, offsets)
            return offsets
        } catch {
            unsafe rd_kafka_destroy(handle)
            throw error
        }
    }

    private static func ends(_ handle: OpaquePointer, topic: String) throws(TopicReaderError) -> [Int32: Int64] {
        var ends: [Int32: Int64] = [:]
        for partition in unsafe try partitions(handle, topic: topic) {
            var low: Int64 = 0
            var high: Int64 = 0
            let code = unsafe rd_kafka_query_watermark_offsets(handle, topic, partition, &low, &high, patience)
            guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
                throw .offsets(partition: partition, reason: words(code))
            }
            ends[partition] = high
        }
        return ends
    }

    private static func partitions(_ handle: OpaquePointer, topic: String) throws(TopicReaderError) -> [Int32] {
        let name = unsafe rd_kafka_topic_new(handle, topic, nil)
        defer { unsafe rd_kafka_topic_destroy(name) }
        var answer: UnsafePointer<rd_kafka_metadata>?
        var code = unsafe rd_kafka_metadata(handle, 0, name, &answer, patience)
        guard let metadata = unsafe answer else { throw .topic(topic, reason: words(code)) }
        defer { unsafe rd_kafka_metadata_destroy(metadata) }
        guard unsafe metadata.pointee.topic_cnt == 1 else { throw .topic(topic, reason: "no answer about it") }
        let found = unsafe metadata.pointee.topics[0]
        code = unsafe found.err
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw .topic(topic, reason: words(code)) }
        let partitions = unsafe (0..<Int(found.partition_cnt)).map { unsafe found.partitions[$0].id }
        guard !partitions.isEmpty else { throw .topic(topic, reason: "it has no partitions") }
        return partitions
    }

    private static func assign(
        _ handle: OpaquePointer,
        topic: String,
        _ offsets: [Int32: Int64]
    ) throws(TopicReaderError) {
        let list = unsafe rd_kafka_topic_partition_list_new(Int32(offsets.count))
        defer { unsafe rd_kafka_topic_partition_list_destroy(list) }
        for (partition, offset) in offsets {
            unsafe rd_kafka_topic_partition_list_add(list, topic, partition).pointee.offset = offset
        }
        let code = unsafe rd_kafka_assign(handle, list)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw .assignment(reason: words(code)) }
    }

    private static func words(_ code: rd_kafka_resp_err_t) -> String { unsafe String(cString: rd_kafka_err2str(code)) }

    private static func words(_ text: [CChar]) -> String {
        String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
