package import LogPipeline

/// A snapshot of what the Kafka flusher has seen.
package struct KafkaCounters: Equatable, Sendable {
    package struct Topic: Equatable, Sendable {
        package let name: String
        /// Payload and librdkafka's own cost.
        package let bytesInFlight: Int
        package let health: TopicHealth
    }

    /// Records stored although an earlier one of their partition had been refused and came later
    /// (`sluice_reordered_total`). An upper bound: the two need not be of one connection.
    package let reordered: Int
    /// Records produced again although Kafka may have stored them (`sluice_kafka_uncertain_total`).
    package let uncertain: Int
    /// How often the producer was replaced, after a fatal error or for smaller batches.
    package let producerReplacements: Int
    package let allBrokersDown: Bool
    /// Records flushed that have no verdict yet.
    package let unsettled: Int
    package let topics: [Topic]
}
