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

    /// What begins so in `librdkafka:` concerns every connection, not only the producer's.
    private static let ofConnections = [
        "api.version.", "broker.", "client.dns.lookup", "client.rack", "connections.", "debug", "enable.sasl.",
        "enable.ssl.", "receive.message.max.bytes", "reconnect.", "sasl.", "security.", "socket.", "ssl.",
    ]

    /// The properties of a client beside the producer that only asks: the same connection, nothing of the delivery.
    ///
    /// - Parameters:
    ///   - timeoutMilliseconds: for a request on the network.
    ///   - group: see `ClusterClient`.
    init(asking configuration: KafkaConfiguration, hosts: [String], timeoutMilliseconds: Int, group: String?) {
        var builder = KafkaPropertyBuilder()
        builder.add("bootstrap.servers", hosts.joined(separator: ","), "hosts", unless: hosts.isEmpty)
        builder.add("client.id", configuration.clientID + "-metrics", "client_id")
        builder.security(configuration)
        var connection = configuration
        connection.librdkafka = configuration.librdkafka.filter { name, _ in
            Self.ofConnections.contains { name.hasPrefix($0) }
        }
        builder.raw(connection)
        // A consumer wants it to be more than a second longer than a fetch may wait.
        builder.add("socket.timeout.ms", String(max(2_000, timeoutMilliseconds)), "timeout")
        builder.add("log.queue", "true", "librdkafka.log.queue")
        // The end of a partition, not of what is committed by transactions: that is what others show.
        // A consumer refuses to be made where a response may be smaller than this; nothing is fetched.
        builder.add("fetch.max.bytes", "1000000", "librdkafka.fetch.max.bytes")
        builder.add("isolation.level", "read_uncommitted", "librdkafka.isolation.level")
        builder.add("allow.auto.create.topics", "false", "librdkafka.allow.auto.create.topics")
        builder.add("enable.auto.commit", "false", "librdkafka.enable.auto.commit")
        if let group { builder.add("group.id", group, "librdkafka.group.id") }
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
