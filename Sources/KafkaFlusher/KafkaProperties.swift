internal import CRdKafka
internal import LogPipeline

/// The librdkafka properties of a configuration, and what contradicts what.
struct KafkaProperties {
    let list: [KafkaProperty]
    /// One for each contradiction, in the order found.
    let errors: [FlusherError]
    /// Sentences for the operator.
    let warnings: [String]

    /// - Parameters:
    ///   - hosts: bootstrap addresses; the embedded broker's where there is one. Empty: no connection is made.
    ///   - batchBytes: the bound of one MessageSet (`batch.size`).
    init(_ configuration: KafkaConfiguration, hosts: [String], batchBytes: Int) {
        var builder = KafkaPropertyBuilder()
        builder.add("bootstrap.servers", hosts.joined(separator: ","), "hosts", unless: hosts.isEmpty)
        builder.delivery(configuration, batchBytes: batchBytes)
        builder.timing(configuration)
        builder.security(configuration)
        builder.raw(configuration)
        list = builder.list
        errors = builder.errors
        warnings = builder.warnings
    }

    /// From 2.6.1 on the SCRAM client sends what brokers from 4.0 on accept (confluentinc/librdkafka#4895).
    static let firstVersionWithSoundSCRAM: Int32 = 0x0206_01ff
    static let scramAdvice =
        "brokers from 4.0 on refuse SCRAM from librdkafka before 2.6.1 (this is \(libraryVersion)): "
        + "upgrade librdkafka, or use PLAIN over TLS, or client certificates"

    static var libraryVersion: String { unsafe String(cString: rd_kafka_version_str()) }
    static var scramIsUnsound: Bool { rd_kafka_version() < firstVersionWithSoundSCRAM }
}
