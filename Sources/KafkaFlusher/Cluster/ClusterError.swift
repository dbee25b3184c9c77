internal import CRdKafka

/// A question to the cluster that was not answered, by librdkafka's or Kafka's error.
struct ClusterError: Error, Equatable, Sendable {
    let code: Int32

    init(_ code: rd_kafka_resp_err_t) { self.code = code.rawValue }

    static let timedOut = ClusterError(RD_KAFKA_RESP_ERR__TIMED_OUT)
    static let badMessage = ClusterError(RD_KAFKA_RESP_ERR__BAD_MSG)
    static let noResources = ClusterError(RD_KAFKA_RESP_ERR__CRIT_SYS_RESOURCE)
    static let unknownTopic = ClusterError(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
    static let noLeader = ClusterError(RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE)

    /// Whether the broker does not know this kind of request.
    var isUnsupported: Bool {
        code == RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE.rawValue
            || code == RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION.rawValue
    }

    /// Whether nobody answered, rather than with an error.
    var isSilence: Bool {
        code == RD_KAFKA_RESP_ERR__TIMED_OUT.rawValue || code == RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE.rawValue
            || code == RD_KAFKA_RESP_ERR__TRANSPORT.rawValue || code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN.rawValue
            || code == RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT.rawValue
    }

    /// Whether the group has gone since it was listed.
    var isUnknownGroup: Bool { code == RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND.rawValue }

    /// The library's own words.
    var detail: String { unsafe String(cString: rd_kafka_err2str(rd_kafka_resp_err_t(rawValue: code))) }
}
