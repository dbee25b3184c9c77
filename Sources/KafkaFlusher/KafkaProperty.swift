/// One librdkafka property, with the setting a user would change to get another value.
struct KafkaProperty: Equatable {
    let name: String
    let value: String
    /// As a user writes it, `output.kafka.linger` for example.
    let setting: String
}
