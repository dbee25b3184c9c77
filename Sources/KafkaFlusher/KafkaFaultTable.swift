internal import CRdKafka
internal import LogPipeline

/// The one table of librdkafka's errors, its own and Kafka's: what becomes of a record that comes back with each. Texts
/// decide nothing. Every code that librdkafka 2.0.2 knows is here; `Faults.md` shows the same table to people.
enum KafkaFaultTable {
    enum Verdict: Equatable {
        case delivered
        /// The record's own fault, once it is found to be at fault alone; `LoneRefusal` says what may excuse it.
        case drop(DropReason)
        /// Nothing is wrong with the record: it is kept.
        case hold(HoldReason)
        /// Kept: requests as they are configured are refused.
        case holdForConfiguration
        /// Kept, for a reason that no word of readiness says.
        case holdUnexplained
    }

    struct Row {
        let verdict: Verdict
        let codes: [rd_kafka_resp_err_t]
    }

    /// `RD_KAFKA_RESP_ERR__INVALID_DIFFERENT_RECORD`, which librdkafka has from 2.4 on: the MessageSet was refused, and
    /// Kafka has named other records of it as the reason. By number, since the library built against may not know it.
    static let refusedWithAnother: Int32 = -138

    static let rows: [Row] = [
        // A retry of what had been stored (Kafka's DUPLICATE_SEQUENCE_NUMBER) is stored once.
        Row(
            verdict: .delivered,
            codes: [
                RD_KAFKA_RESP_ERR_NO_ERROR, RD_KAFKA_RESP_ERR_DUPLICATE_SEQUENCE_NUMBER,
            ]
        ),
        Row(
            verdict: .drop(.recordTooLarge),
            codes: [
                RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE,
                RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE,
            ]
        ),
        Row(verdict: .drop(.recordRefused), codes: [RD_KAFKA_RESP_ERR_INVALID_MSG]),
        Row(verdict: .drop(.recordRefused), codes: [RD_KAFKA_RESP_ERR_INVALID_RECORD]),
        Row(verdict: .drop(.recordRefused), codes: [RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP]),
        Row(
            verdict: .hold(.unknownTopic),
            codes: [
                RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION,
                RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION,
            ]
        ),
        Row(
            verdict: .hold(.notAuthorized),
            codes: [
                RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED,
                RD_KAFKA_RESP_ERR_POLICY_VIOLATION,
            ]
        ),
        Row(
            verdict: .hold(.authentication),
            codes: [
                RD_KAFKA_RESP_ERR__AUTHENTICATION, RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED,
                RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM, RD_KAFKA_RESP_ERR_ILLEGAL_SASL_STATE,
            ]
        ),
        // A disk that has failed makes its broker give its partitions away.
        Row(
            verdict: .hold(.noLeader),
            codes: [
                RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
                RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_FENCED_LEADER_EPOCH,
                RD_KAFKA_RESP_ERR_UNKNOWN_LEADER_EPOCH, RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR,
                RD_KAFKA_RESP_ERR_LOG_DIR_NOT_FOUND,
            ]
        ),
        Row(
            verdict: .hold(.timedOut),
            codes: [
                RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
                RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND, RD_KAFKA_RESP_ERR_THROTTLING_QUOTA_EXCEEDED,
                RD_KAFKA_RESP_ERR__MSG_TIMED_OUT, RD_KAFKA_RESP_ERR__TIMED_OUT, RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE,
                RD_KAFKA_RESP_ERR__ISR_INSUFF,
            ]
        ),
        Row(
            verdict: .hold(.brokersDown),
            codes: [
                RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION,
                RD_KAFKA_RESP_ERR_STALE_BROKER_EPOCH, RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN,
                RD_KAFKA_RESP_ERR__RESOLVE, RD_KAFKA_RESP_ERR__SSL, RD_KAFKA_RESP_ERR__FAIL, RD_KAFKA_RESP_ERR__DESTROY,
                RD_KAFKA_RESP_ERR__NODE_UPDATE, RD_KAFKA_RESP_ERR__UNKNOWN_BROKER,
            ]
        ),
        // A sequence is lost, or an epoch: where librdkafka cannot mend that itself, it says that the producer has failed.
        Row(
            verdict: .hold(.fatal),
            codes: [
                RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH,
                RD_KAFKA_RESP_ERR_INVALID_PRODUCER_ID_MAPPING, RD_KAFKA_RESP_ERR_UNKNOWN_PRODUCER_ID,
                RD_KAFKA_RESP_ERR_PRODUCER_FENCED, RD_KAFKA_RESP_ERR__FATAL, RD_KAFKA_RESP_ERR__GAPLESS_GUARANTEE,
                RD_KAFKA_RESP_ERR__INCONSISTENT, RD_KAFKA_RESP_ERR__FENCED,
            ]
        ),
        // Nothing was wrong, or nothing was tried.
        Row(
            verdict: .hold(.takenBack),
            codes: [
                RD_KAFKA_RESP_ERR__PURGE_QUEUE, RD_KAFKA_RESP_ERR__PURGE_INFLIGHT, RD_KAFKA_RESP_ERR__QUEUE_FULL,
                RD_KAFKA_RESP_ERR__RETRY, RD_KAFKA_RESP_ERR__INTR, RD_KAFKA_RESP_ERR__WAIT_CACHE,
                RD_KAFKA_RESP_ERR__OUTDATED, RD_KAFKA_RESP_ERR__IN_PROGRESS, RD_KAFKA_RESP_ERR__PREV_IN_PROGRESS,
            ]
        ),
        Row(
            verdict: .holdForConfiguration,
            codes: [
                RD_KAFKA_RESP_ERR_INVALID_REQUIRED_ACKS, RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION,
                RD_KAFKA_RESP_ERR_INVALID_CONFIG, RD_KAFKA_RESP_ERR_INVALID_REQUEST,
                RD_KAFKA_RESP_ERR_UNSUPPORTED_FOR_MESSAGE_FORMAT, RD_KAFKA_RESP_ERR_UNSUPPORTED_COMPRESSION_TYPE,
                RD_KAFKA_RESP_ERR__INVALID_ARG, RD_KAFKA_RESP_ERR__UNKNOWN_PROTOCOL, RD_KAFKA_RESP_ERR__NOT_IMPLEMENTED,
                RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE, RD_KAFKA_RESP_ERR__NOT_CONFIGURED,
            ]
        ),
        // What an answer said is not known, so the records may be stored: nothing that may be dropped.
        Row(
            verdict: .holdUnexplained,
            codes: [
                RD_KAFKA_RESP_ERR_UNKNOWN, RD_KAFKA_RESP_ERR__BAD_MSG, RD_KAFKA_RESP_ERR__BAD_COMPRESSION,
                RD_KAFKA_RESP_ERR__PARTIAL, RD_KAFKA_RESP_ERR__UNDERFLOW, RD_KAFKA_RESP_ERR__CRIT_SYS_RESOURCE,
                RD_KAFKA_RESP_ERR__FS, RD_KAFKA_RESP_ERR__STATE,
            ]
        ),
        // Answers to consumers, to transactions and to administration: none of them should ever come for a record.
        Row(
            verdict: .holdUnexplained,
            codes: [
                RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE, RD_KAFKA_RESP_ERR_STALE_CTRL_EPOCH,
                RD_KAFKA_RESP_ERR_OFFSET_METADATA_TOO_LARGE, RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS,
                RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_NOT_COORDINATOR,
                RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION, RD_KAFKA_RESP_ERR_INCONSISTENT_GROUP_PROTOCOL,
                RD_KAFKA_RESP_ERR_INVALID_GROUP_ID, RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID,
                RD_KAFKA_RESP_ERR_INVALID_SESSION_TIMEOUT, RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS,
                RD_KAFKA_RESP_ERR_INVALID_COMMIT_OFFSET_SIZE, RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED,
                RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS, RD_KAFKA_RESP_ERR_INVALID_PARTITIONS,
                RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR, RD_KAFKA_RESP_ERR_INVALID_REPLICA_ASSIGNMENT,
                RD_KAFKA_RESP_ERR_NOT_CONTROLLER, RD_KAFKA_RESP_ERR_INVALID_TXN_STATE,
                RD_KAFKA_RESP_ERR_INVALID_TRANSACTION_TIMEOUT, RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS,
                RD_KAFKA_RESP_ERR_TRANSACTION_COORDINATOR_FENCED,
                RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_SECURITY_DISABLED,
                RD_KAFKA_RESP_ERR_OPERATION_NOT_ATTEMPTED, RD_KAFKA_RESP_ERR_REASSIGNMENT_IN_PROGRESS,
                RD_KAFKA_RESP_ERR_DELEGATION_TOKEN_AUTH_DISABLED, RD_KAFKA_RESP_ERR_DELEGATION_TOKEN_NOT_FOUND,
                RD_KAFKA_RESP_ERR_DELEGATION_TOKEN_OWNER_MISMATCH,
                RD_KAFKA_RESP_ERR_DELEGATION_TOKEN_REQUEST_NOT_ALLOWED,
                RD_KAFKA_RESP_ERR_DELEGATION_TOKEN_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_DELEGATION_TOKEN_EXPIRED,
                RD_KAFKA_RESP_ERR_INVALID_PRINCIPAL_TYPE, RD_KAFKA_RESP_ERR_NON_EMPTY_GROUP,
                RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND, RD_KAFKA_RESP_ERR_FETCH_SESSION_ID_NOT_FOUND,
                RD_KAFKA_RESP_ERR_INVALID_FETCH_SESSION_EPOCH, RD_KAFKA_RESP_ERR_LISTENER_NOT_FOUND,
                RD_KAFKA_RESP_ERR_TOPIC_DELETION_DISABLED, RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE,
                RD_KAFKA_RESP_ERR_MEMBER_ID_REQUIRED, RD_KAFKA_RESP_ERR_PREFERRED_LEADER_NOT_AVAILABLE,
                RD_KAFKA_RESP_ERR_GROUP_MAX_SIZE_REACHED, RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID,
                RD_KAFKA_RESP_ERR_ELIGIBLE_LEADERS_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_ELECTION_NOT_NEEDED,
                RD_KAFKA_RESP_ERR_NO_REASSIGNMENT_IN_PROGRESS, RD_KAFKA_RESP_ERR_GROUP_SUBSCRIBED_TO_TOPIC,
                RD_KAFKA_RESP_ERR_UNSTABLE_OFFSET_COMMIT, RD_KAFKA_RESP_ERR_RESOURCE_NOT_FOUND,
                RD_KAFKA_RESP_ERR_DUPLICATE_RESOURCE, RD_KAFKA_RESP_ERR_UNACCEPTABLE_CREDENTIAL,
                RD_KAFKA_RESP_ERR_INCONSISTENT_VOTER_SET, RD_KAFKA_RESP_ERR_INVALID_UPDATE_VERSION,
                RD_KAFKA_RESP_ERR_FEATURE_UPDATE_FAILED, RD_KAFKA_RESP_ERR_PRINCIPAL_DESERIALIZATION_FAILURE,
                RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET, RD_KAFKA_RESP_ERR__NOOP, RD_KAFKA_RESP_ERR__ASSIGNMENT_LOST,
                RD_KAFKA_RESP_ERR__APPLICATION, RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED, RD_KAFKA_RESP_ERR__INVALID_TYPE,
                RD_KAFKA_RESP_ERR__NOENT, RD_KAFKA_RESP_ERR__READ_ONLY, RD_KAFKA_RESP_ERR__VALUE_DESERIALIZATION,
                RD_KAFKA_RESP_ERR__KEY_DESERIALIZATION, RD_KAFKA_RESP_ERR__VALUE_SERIALIZATION,
                RD_KAFKA_RESP_ERR__KEY_SERIALIZATION, RD_KAFKA_RESP_ERR__NO_OFFSET, RD_KAFKA_RESP_ERR__CONFLICT,
                RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS, RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS,
                RD_KAFKA_RESP_ERR__EXISTING_SUBSCRIPTION, RD_KAFKA_RESP_ERR__UNKNOWN_GROUP,
                RD_KAFKA_RESP_ERR__WAIT_COORD, RD_KAFKA_RESP_ERR__PARTITION_EOF,
            ]
        ),
    ]

    private static let verdicts: [Int32: Verdict] = {
        let pairs = rows.flatMap { row in row.codes.map { ($0.rawValue, row.verdict) } }
        return Dictionary(uniqueKeysWithValues: pairs)
    }()

    /// Nil for what a later librdkafka knows and this table does not: its records are kept as well.
    static func verdict(_ code: rd_kafka_resp_err_t) -> Verdict? { verdicts[code.rawValue] }
}
