internal import CRdKafka

/// A record that librdkafka did not take.
struct Refusal {
    /// Among the records handed over in that call.
    let index: Int
    let code: rd_kafka_resp_err_t
}
