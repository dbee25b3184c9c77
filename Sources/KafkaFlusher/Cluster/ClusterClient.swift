internal import CRdKafka
internal import LogPipeline

/// A librdkafka client that only asks: a consumer that reads nothing and belongs to no group.
///
/// Not `Sendable`: the thread that collects makes it, asks and waits. Nothing that it asks creates a topic
/// (`allow.auto.create.topics` is off for consumers, and each topic is asked for by its own name: a question about all
/// topics that the library knows turns it on, in librdkafka 2.0.2).
@safe final class ClusterClient {
    let handle: OpaquePointer
    let queue: OpaquePointer
    /// Whether it was made in the name of a group: see `init`.
    let isGrouped: Bool
    private var topics: [String: OpaquePointer] = unsafe [:]

    /// - Parameter group: the name of a group that is there already. The client does not join it and commits nothing; but
    ///   librdkafka 2.0.2 to 2.8 follow a null pointer when a broker answers a question for committed offsets with
    ///   "not the coordinator any more", unless they have a group to tell (`rd_kafka_handle_OffsetFetch`). Without a
    ///   group no such question may be asked. It has to be one that is there, so that no coordinator is looked
    ///   for, and `__consumer_offsets` made for it, on behalf of a group that nobody has.
    init(
        _ configuration: KafkaConfiguration,
        hosts: [String],
        patience: Int,
        group: String?,
        bundle: CertificateBundle?
    ) throws(FlusherError) {
        let properties = KafkaProperties(
            asking: configuration,
            hosts: hosts,
            timeoutMilliseconds: patience,
            group: group
        )
        let settings = try unsafe KafkaHandle.configuration(properties, bundle: bundle)
        unsafe rd_kafka_conf_set_events(settings, RD_KAFKA_EVENT_ERROR | RD_KAFKA_EVENT_LOG)
        var text = [CChar](repeating: 0, count: 512)
        guard let handle = unsafe rd_kafka_new(RD_KAFKA_CONSUMER, settings, &text, text.count) else {
            unsafe rd_kafka_conf_destroy(settings)
            throw FlusherError(setting: "kafka_metrics", message: KafkaHandle.string(text))
        }
        unsafe self.handle = handle
        unsafe queue = rd_kafka_queue_get_main(handle)
        _ = unsafe rd_kafka_set_log_queue(handle, queue)
        isGrouped = !(group ?? "").isEmpty
    }

    deinit {
        while let (_, topic) = unsafe topics.popFirst() { unsafe rd_kafka_topic_destroy(topic) }
        unsafe rd_kafka_queue_destroy(queue)
        // There is nothing to leave: it joined no group.
        unsafe rd_kafka_destroy_flags(handle, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE)
    }

    /// Throws away what the library has to say: every broker that cannot be reached is the producer's to tell of.
    func discardEvents() {
        while let event = unsafe rd_kafka_queue_poll(queue, 0) { unsafe rd_kafka_event_destroy(event) }
    }
}

extension ClusterClient {
    /// Brokers, and one topic or all. Blocks for at most so many milliseconds.
    ///
    /// - Parameter topic: nil for all that this user may see.
    /// - Returns: a picture without offsets and groups; without a topic that is not there.
    func metadata(of topic: String?, milliseconds: Int32) throws(ClusterError) -> ClusterPicture {
        var asked: OpaquePointer?
        if let topic {
            unsafe asked = topics[topic] ?? rd_kafka_topic_new(handle, topic, nil)
            if let asked = unsafe asked { unsafe topics[topic] = asked }
        }
        var answer: UnsafePointer<rd_kafka_metadata>?
        let code = unsafe rd_kafka_metadata(handle, topic == nil ? 1 : 0, asked, &answer, milliseconds)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR, let found = unsafe answer else { throw ClusterError(code) }
        defer { unsafe rd_kafka_metadata_destroy(found) }
        return unsafe ClusterPicture(unsafe found.pointee)
    }

    /// One of the two ends of a partition, as ListOffsets calls them.
    enum End: Int64 {
        case last = -1
        case first = -2
    }

    /// What a leader says of one end of its partitions.
    struct Ends {
        /// Those that it knows.
        var offsets: [PartitionID: Int64] = [:]
        /// Of the first that it does not.
        var fault: ClusterError?
    }

    /// The first or last offsets of partitions that have one leader. Blocks for at most so many milliseconds.
    ///
    /// By `rd_kafka_offsets_for_times`: `rd_kafka_query_watermark_offsets` does not return while a leader is away
    /// (confluentinc/librdkafka#2588, until 2.3).
    func offsets(_ end: End, of partitions: [PartitionID], milliseconds: Int32) throws(ClusterError) -> Ends {
        let list = unsafe rd_kafka_topic_partition_list_new(Int32(partitions.count))
        defer { unsafe rd_kafka_topic_partition_list_destroy(list) }
        for partition in partitions {
            let entry = unsafe rd_kafka_topic_partition_list_add(list, partition.topic, partition.number)
            unsafe entry?.pointee.offset = end.rawValue
        }
        let code = unsafe rd_kafka_offsets_for_times(handle, list, milliseconds)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw ClusterError(code) }
        var ends = Ends()
        unsafe list.forEachPartition { id, entry in
            if unsafe entry.err != RD_KAFKA_RESP_ERR_NO_ERROR {
                ends.fault = unsafe ends.fault ?? ClusterError(entry.err)
            } else if unsafe entry.offset >= 0 {
                ends.offsets[id] = unsafe entry.offset
            }
        }
        return ends
    }
}

extension Optional where Wrapped == UnsafeMutablePointer<rd_kafka_topic_partition_list_t> {
    func forEachPartition(_ body: (PartitionID, rd_kafka_topic_partition_t) -> Void) {
        unsafe (self.map { unsafe UnsafePointer($0) }).forEachPartition(body)
    }
}

extension Optional where Wrapped == UnsafePointer<rd_kafka_topic_partition_list_t> {
    /// The members of a list that librdkafka owns.
    func forEachPartition(_ body: (PartitionID, rd_kafka_topic_partition_t) -> Void) {
        guard let list = self else { return }
        for index in 0..<Int(unsafe list.pointee.cnt) {
            let entry = unsafe list.pointee.elems[index]
            guard let topic = unsafe entry.topic else { continue }
            unsafe body(PartitionID(topic: String(cString: topic), number: entry.partition), entry)
        }
    }
}
