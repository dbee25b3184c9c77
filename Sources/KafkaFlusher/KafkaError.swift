/// A question to the brokers that was not answered.
struct KafkaError: Error, Equatable {
    let reason: HoldReason
}
