internal import CRdKafka

/// A record that Kafka has refused although no other one was to blame: alone in its request, or named by Kafka.
///
/// Nobody takes its place, but it need not be at fault: a compacted topic refuses every record without a key
/// (INVALID_RECORD), a clock that is wrong spoils all timestamps that are Sluice's own (INVALID_TIMESTAMP), and bytes
/// can be damaged on their way (INVALID_MSG). Of other brokers than Apache's, INVALID_RECORD may be about what a record
/// holds, so that without evidence against the topic the record is dropped: it must not hold up others for ever.
struct LoneRefusal: Equatable {
    enum Verdict: Equatable {
        case drop
        /// It is offered again after a wait. The reason is for `/readyz`; nil: not worth saying yet.
        case keep(HoldReason?)
    }

    /// Whether the topic takes records without a key, going by its `cleanup.policy`.
    enum Keys: Equatable {
        /// It has been asked for since the last refusal, and not been answered.
        case awaited
        case needed
        /// Not needed, or Sluice may not ask.
        case notNeeded
    }

    /// How long an answer that clears the topic may be an old one, since brokers learn of a change one after the other:
    /// nanoseconds.
    static let doubt: UInt64 = 2_000_000_000
    /// How long a record is offered again while nobody answers for its topic, nanoseconds.
    static let patience: UInt64 = 30_000_000_000
    /// How often at least: with each refusal the question goes out anew, and while brokers are away nobody answers.
    static let questions = 3

    let code: rd_kafka_resp_err_t
    /// Its timestamp is the log's, and not the time of hand-over.
    let hasOwnTimestamp: Bool
    /// Others of its request came back because of it.
    let isNamed: Bool
    /// How often in a row it has been refused so.
    let attempts: Int
    /// Since its partition, while held, had the first refusal that may be about keys, or since its topic was last known to
    /// want them: nanoseconds.
    let age: UInt64

    func verdict(keys: Keys) -> Verdict {
        switch code {
        case RD_KAFKA_RESP_ERR_INVALID_MSG: attempts > 1 ? .drop : .keep(nil)
        case RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP: hasOwnTimestamp ? .drop : .keep(.configuration(code.rawValue))
        case RD_KAFKA_RESP_ERR_INVALID_RECORD:
            switch keys {
            case .needed: .keep(.configuration(code.rawValue))
            case .awaited where !isNamed && (age < Self.patience || attempts < Self.questions): .keep(nil)
            case .notNeeded where !isNamed && age < Self.doubt: .keep(nil)
            default: .drop
            }
        default: .drop
        }
    }
}
