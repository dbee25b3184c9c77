internal import CRdKafka
internal import LogPipeline

/// What a delivery report's error means for the record it names. The one table of Kafka's errors; texts decide nothing.
enum KafkaErrorClass: Equatable {
    /// The record is stored.
    case delivered
    /// The record's own fault, if it was alone in its MessageSet; else one of its mates' perhaps.
    case recordFault(DropReason)
    /// Nothing is wrong with the record: keep it, and offer it again when the reason has gone.
    case hold(HoldReason)

    init(_ code: rd_kafka_resp_err_t) {
        switch code {
        // A retry of what had been stored (Kafka's DUPLICATE_SEQUENCE_NUMBER): stored once.
        case RD_KAFKA_RESP_ERR_NO_ERROR, RD_KAFKA_RESP_ERR_DUPLICATE_SEQUENCE_NUMBER: self = .delivered
        case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE,
            RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE:
            self = .recordFault(.recordTooLarge)
        case RD_KAFKA_RESP_ERR_INVALID_MSG, RD_KAFKA_RESP_ERR_INVALID_RECORD, RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP,
            RD_KAFKA_RESP_ERR__BAD_MSG:
            self = .recordFault(.recordRefused)
        default: self = .hold(HoldReason(code))
        }
    }
}

/// Why records are kept back; the word in `/readyz`.
enum HoldReason: Equatable, Sendable {
    case unknownTopic
    case notAuthorized
    case authentication
    case noLeader
    case timedOut
    case brokersDown
    /// The producer itself can go no further and is being replaced.
    case fatal
    /// Taken back by Sluice, to be handed over again.
    case takenBack
    /// An answer that this table has no word for: the records are kept all the same.
    case other(Int32)

    init(_ code: rd_kafka_resp_err_t) {
        switch code {
        case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION,
            RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
            self = .unknownTopic
        case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED,
            RD_KAFKA_RESP_ERR_POLICY_VIOLATION:
            self = .notAuthorized
        case RD_KAFKA_RESP_ERR__AUTHENTICATION, RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED,
            RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM, RD_KAFKA_RESP_ERR_ILLEGAL_SASL_STATE:
            self = .authentication
        case RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
            RD_KAFKA_RESP_ERR_FENCED_LEADER_EPOCH, RD_KAFKA_RESP_ERR_UNKNOWN_LEADER_EPOCH,
            RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE:
            self = .noLeader
        case RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
            RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND, RD_KAFKA_RESP_ERR__MSG_TIMED_OUT,
            RD_KAFKA_RESP_ERR__TIMED_OUT, RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE:
            self = .timedOut
        case RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, RD_KAFKA_RESP_ERR__RESOLVE,
            RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION:
            self = .brokersDown
        case RD_KAFKA_RESP_ERR__FATAL, RD_KAFKA_RESP_ERR__GAPLESS_GUARANTEE, RD_KAFKA_RESP_ERR__INCONSISTENT,
            RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, RD_KAFKA_RESP_ERR_UNKNOWN_PRODUCER_ID,
            RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH, RD_KAFKA_RESP_ERR_PRODUCER_FENCED,
            RD_KAFKA_RESP_ERR__FENCED:
            self = .fatal
        case RD_KAFKA_RESP_ERR__PURGE_QUEUE, RD_KAFKA_RESP_ERR__PURGE_INFLIGHT, RD_KAFKA_RESP_ERR__QUEUE_FULL,
            RD_KAFKA_RESP_ERR__RETRY:
            self = .takenBack
        default: self = .other(code.rawValue)
        }
    }

    /// The stable word of `TopicHealth`.
    var word: String {
        switch self {
        case .unknownTopic: "unknown_topic"
        case .notAuthorized: "not_authorized"
        case .authentication: "authentication"
        case .noLeader: "no_leader"
        case .timedOut: "timed_out"
        case .brokersDown: "brokers_down"
        case .fatal, .takenBack, .other: "fatal"
        }
    }

    /// One sentence for a person.
    func detail(topic: String) -> String {
        switch self {
        case .unknownTopic:
            "Kafka does not know topic \(topic): create it, or allow the brokers to (auto.create.topics.enable)"
        case .notAuthorized:
            "Kafka does not allow this user to write to topic \(topic): give it Write and Describe"
        case .authentication: "Kafka refuses the credentials of output.kafka"
        case .noLeader: "a partition of topic \(topic) has no leader"
        case .timedOut: "Kafka did not store records of topic \(topic) in time; they are kept and offered again"
        case .brokersDown: "no broker of output.kafka.hosts can be reached"
        case .fatal: "the producer is being replaced; records are kept and produced again"
        case .takenBack: "records of topic \(topic) were taken back and will be produced again"
        case .other(let code):
            "Kafka answered error \(code) for topic \(topic); records are kept and offered again"
        }
    }
}
