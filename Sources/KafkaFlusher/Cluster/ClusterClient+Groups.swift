internal import CRdKafka

// Questions about consumer groups.
//
// Each names the broker that it goes to. Left to themselves, librdkafka 2.0.2 to 2.8 look for the coordinator, and a
// coordinator that comes back after the question has timed out makes them use what is freed already, or abort
// (confluentinc/librdkafka#4605, #5397).
extension ClusterClient {
    /// Asks; the answer comes by `nextAnswer`, under this number.
    ///
    /// - Precondition: committed offsets are asked for by a client that has a group.
    func ask(_ question: GroupSurvey.Question, number: UInt, milliseconds: Int32) {
        let (operation, broker) =
            switch question {
            case .list(let broker): (RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPS, broker)
            case .offsets(_, let broker): (RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS, broker)
            case .members(_, let broker): (RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS, broker)
            }
        let options = unsafe rd_kafka_AdminOptions_new(handle, operation)
        defer { unsafe rd_kafka_AdminOptions_destroy(options) }
        var text = [CChar](repeating: 0, count: 128)
        _ = unsafe rd_kafka_AdminOptions_set_request_timeout(options, milliseconds, &text, text.count)
        _ = unsafe rd_kafka_AdminOptions_set_broker(options, broker, &text, text.count)
        unsafe rd_kafka_AdminOptions_set_opaque(options, UnsafeMutableRawPointer(bitPattern: number))
        switch question {
        case .list: unsafe rd_kafka_ListConsumerGroups(handle, options, queue)
        case .offsets(let group, _):
            precondition(isGrouped)
            var one = unsafe [rd_kafka_ListConsumerGroupOffsets_new(group, nil)]
            unsafe rd_kafka_ListConsumerGroupOffsets(handle, &one, 1, options, queue)
            unsafe rd_kafka_ListConsumerGroupOffsets_destroy_array(&one, 1)
        case .members(let group, _):
            unsafe group.withCString { name in
                var one = unsafe [Optional(name)]
                unsafe rd_kafka_DescribeConsumerGroups(handle, &one, 1, options, queue)
            }
        }
    }

    /// The next answer with its question's number; nil after so many milliseconds without one.
    func nextAnswer(milliseconds: Int32) -> (number: UInt, answer: GroupSurvey.Answer)? {
        let end = Instant.now() + UInt64(max(0, milliseconds)) * 1_000_000
        while true {
            let now = Instant.now()
            let left = now < end ? Int32((end - now) / 1_000_000) : 0
            guard let event = unsafe rd_kafka_queue_poll(queue, left) else { return nil }
            defer { unsafe rd_kafka_event_destroy(event) }
            guard let answer = unsafe GroupSurvey.Answer(event) else { continue }
            return (UInt(bitPattern: unsafe rd_kafka_event_opaque(event)), answer)
        }
    }
}

extension GroupSurvey.Answer {
    /// Nil for an event that is no answer.
    fileprivate init?(_ event: OpaquePointer) {
        let type = unsafe rd_kafka_event_type(event)
        let kinds = [
            RD_KAFKA_EVENT_LISTCONSUMERGROUPS_RESULT, RD_KAFKA_EVENT_LISTCONSUMERGROUPOFFSETS_RESULT,
            RD_KAFKA_EVENT_DESCRIBECONSUMERGROUPS_RESULT,
        ]
        guard kinds.contains(type) else { return nil }
        let code = unsafe rd_kafka_event_error(event)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
            self = .failed(ClusterError(code))
            return
        }
        do throws(ClusterError) {
            switch type {
            case RD_KAFKA_EVENT_LISTCONSUMERGROUPS_RESULT: self = .listed(try unsafe Self.names(event))
            case RD_KAFKA_EVENT_LISTCONSUMERGROUPOFFSETS_RESULT: self = .offsets(try unsafe Self.offsets(event))
            default: self = try unsafe Self.description(event)
            }
        } catch {
            self = .failed(error)
        }
    }

    private static func names(_ event: OpaquePointer) throws(ClusterError) -> [String] {
        let result = unsafe rd_kafka_event_ListConsumerGroups_result(event)
        var count = 0
        let errors = unsafe rd_kafka_ListConsumerGroups_result_errors(result, &count)
        if count > 0, let error = unsafe errors?[0] { throw ClusterError(unsafe rd_kafka_error_code(error)) }
        let groups = unsafe rd_kafka_ListConsumerGroups_result_valid(result, &count)
        return (0..<count).compactMap { index in
            guard let group = unsafe groups?[index], let name = unsafe rd_kafka_ConsumerGroupListing_group_id(group)
            else { return nil }
            return unsafe String(cString: name)
        }
    }

    private static func offsets(_ event: OpaquePointer) throws(ClusterError) -> [String: CommittedOffsets] {
        let result = unsafe rd_kafka_event_ListConsumerGroupOffsets_result(event)
        var count = 0
        let groups = unsafe rd_kafka_ListConsumerGroupOffsets_result_groups(result, &count)
        guard count == 1, let group = unsafe groups?[0] else { throw ClusterError(RD_KAFKA_RESP_ERR__BAD_MSG) }
        if let error = unsafe rd_kafka_group_result_error(group) {
            throw ClusterError(unsafe rd_kafka_error_code(error))
        }
        var offsets: [String: CommittedOffsets] = [:]
        unsafe rd_kafka_group_result_partitions(group).forEachPartition { id, entry in
            // In place: taken out and put back, a topic's offsets would be copied for each of its partitions.
            if unsafe entry.err != RD_KAFKA_RESP_ERR_NO_ERROR {
                offsets[id.topic, default: CommittedOffsets()].isComplete = false
            } else if unsafe entry.offset >= 0 {
                offsets[id.topic, default: CommittedOffsets()].offsets[id.number] = unsafe entry.offset
            }
        }
        return offsets
    }

    private static func description(_ event: OpaquePointer) throws(ClusterError) -> Self {
        let result = unsafe rd_kafka_event_DescribeConsumerGroups_result(event)
        var count = 0
        let groups = unsafe rd_kafka_DescribeConsumerGroups_result_groups(result, &count)
        guard count == 1, let group = unsafe groups?[0] else { throw ClusterError(RD_KAFKA_RESP_ERR__BAD_MSG) }
        if let error = unsafe rd_kafka_ConsumerGroupDescription_error(group) {
            throw ClusterError(unsafe rd_kafka_error_code(error))
        }
        // What a broker says in the old protocol about a group that uses the new one (KIP-848): it does not know it.
        guard unsafe rd_kafka_ConsumerGroupDescription_state(group) != RD_KAFKA_CONSUMER_GROUP_STATE_DEAD else {
            return .members(count: nil, assigned: [])
        }
        let members = unsafe rd_kafka_ConsumerGroupDescription_member_count(group)
        var assigned: Set<String> = []
        for index in 0..<members {
            let member = unsafe rd_kafka_ConsumerGroupDescription_member(group, index)
            guard let assignment = unsafe rd_kafka_MemberDescription_assignment(member) else { continue }
            unsafe rd_kafka_MemberAssignment_partitions(assignment).forEachPartition { id, _ in
                assigned.insert(id.topic)
            }
        }
        return .members(count: members, assigned: assigned)
    }
}
