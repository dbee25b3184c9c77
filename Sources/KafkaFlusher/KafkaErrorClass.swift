internal import CRdKafka
internal import LogPipeline

/// What a delivery report's error means for the record it names, by `KafkaFaultTable`.
enum KafkaErrorClass: Equatable {
    /// The record is stored.
    case delivered
    /// The record's own fault, if it was alone in its MessageSet; else one of its mates' perhaps.
    case recordFault(DropReason)
    /// Nothing is wrong with the record: keep it, and offer it again when the reason has gone.
    case hold(HoldReason)

    init(_ code: rd_kafka_resp_err_t) {
        switch KafkaFaultTable.verdict(code) {
        case .delivered: self = .delivered
        case .drop(let reason): self = .recordFault(reason)
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
    /// The brokers refuse requests as they are configured.
    case configuration(Int32)
    /// An answer that there is no word for: the records are kept all the same.
    case other(Int32)

    /// Why a record that came back with this error is kept, or what the same error means where no record is concerned.
    init(_ code: rd_kafka_resp_err_t) {
        switch KafkaFaultTable.verdict(code) {
        case .hold(let reason): self = reason
        case .holdForConfiguration: self = .configuration(code.rawValue)
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
        case .configuration: "configuration"
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
        case .noLeader: "a partition of topic \(topic) has no leader that can store records"
        case .timedOut: "Kafka did not store records of topic \(topic) in time; they are kept and offered again"
        case .brokersDown: "no broker of output.kafka.hosts can be reached"
        case .fatal: "the producer is being replaced; records are kept and produced again"
        case .takenBack: "records of topic \(topic) were taken back and will be produced again"
        case .configuration(let code):
            "Kafka refuses records of topic \(topic) as they are sent (\(Self.name(code))): \(Self.advice(code))"
        case .other(let code):
            "Kafka answered \(Self.name(code)) for topic \(topic); records are kept and offered again"
        }
    }

    private static func advice(_ code: Int32) -> String {
        switch rd_kafka_resp_err_t(rawValue: code) {
        case RD_KAFKA_RESP_ERR_INVALID_RECORD:
            "the topic is compacted (cleanup.policy), and Sluice's records have no key"
        case RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP:
            "this machine's clock or a broker's is wrong, or the topic's message.timestamp limits are too narrow"
        default: "look at output.kafka and at the topic's configuration"
        }
    }

    private static func name(_ code: Int32) -> String {
        let name = unsafe String(cString: rd_kafka_err2name(rd_kafka_resp_err_t(rawValue: code)))
        return "error \(code), \(name)"
    }
}
