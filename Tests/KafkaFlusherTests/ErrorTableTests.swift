import CRdKafka
import LogPipeline
import Testing

@testable import KafkaFlusher

struct ErrorTableTests {
    @Test func onlyTheRecordsOwnFaultsDropIt() {
        let faults: [rd_kafka_resp_err_t: DropReason] = [
            RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE: .recordTooLarge,
            RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE: .recordTooLarge,
            RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE: .recordTooLarge,
            RD_KAFKA_RESP_ERR_INVALID_MSG: .recordRefused,
            RD_KAFKA_RESP_ERR_INVALID_RECORD: .recordRefused,
            RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP: .recordRefused,
            RD_KAFKA_RESP_ERR__BAD_MSG: .recordRefused,
        ]
        let delivered: Set<Int32> = [0, RD_KAFKA_RESP_ERR_DUPLICATE_SEQUENCE_NUMBER.rawValue]
        for number in Int32(-250)...Int32(150) {
            let code = rd_kafka_resp_err_t(rawValue: number)
            switch KafkaErrorClass(code) {
            case .delivered: #expect(delivered.contains(number))
            case .recordFault(let reason): #expect(faults[code] == reason)
            case .hold: #expect(faults[code] == nil && !delivered.contains(number))
            }
        }
    }

    @Test(arguments: [
        (RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, "not_authorized"),
        (RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED, "not_authorized"),
        (RD_KAFKA_RESP_ERR__AUTHENTICATION, "authentication"), (RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, "unknown_topic"),
        (RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, "unknown_topic"),
        (RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, "no_leader"),
        (RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT, "timed_out"), (RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, "brokers_down"),
        (RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, "fatal"), (RD_KAFKA_RESP_ERR__FATAL, "fatal"),
    ])
    func aHoldHasTheWordOfReadiness(_ code: rd_kafka_resp_err_t, _ word: String) {
        #expect(HoldReason(code).word == word)
        #expect(HoldReason(code).detail(topic: "logs").isEmpty == false)
    }
}
