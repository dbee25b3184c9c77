extension KafkaFlusher {
    /// The version of librdkafka that is linked at run time.
    package static var libraryVersion: String { KafkaProperties.libraryVersion }
}
