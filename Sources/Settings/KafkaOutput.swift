/// `output.kafka`: the keys are libbeat's where libbeat has one.
package struct KafkaOutput: Sendable {
    package enum Compression: String, CaseIterable, Sendable {
        case none
        case gzip
        case snappy
        case lz4
        case zstd
    }

    package enum RecordTimestamp: String, CaseIterable, Sendable {
        /// The time of hand-over.
        case arrival
        /// The log's own, where it is near enough.
        case log
    }

    /// `hosts`: brokers to begin with, `host:port` each; port 9092 where there is none. Default: none, the embedded
    /// broker.
    package var hosts: [String] = []
    /// `topic`: of routes that name none. Default: logs.
    package var topic = "logs"
    /// `embedded`: a broker within this process that keeps nothing. Default: true exactly when there are no hosts.
    package var embedded = true
    /// `client_id`. Default: sluice.
    package var clientID = "sluice"
    /// `compression`. Default: lz4.
    package var compression = Compression.lz4
    /// `compression_level`. Default: nil, the codec's own.
    package var compressionLevel: Int?
    /// `required_acks`: -1 all in-sync replicas, 1 the leader, 0 nobody. Default: -1; anything else turns idempotence
    /// off.
    package var requiredAcks = -1
    /// `max_message_bytes`: the longest record. Default: 1,000,000.
    package var maxMessageBytes = 1_000_000
    /// `bulk_max_size`: records in one request at most. Default: 2048.
    package var bulkMaxSize = 2048
    /// `bulk_flush_frequency`: how long to wait for fuller requests (`linger.ms`). Default: 5 ms.
    package var bulkFlushFrequency = Duration.milliseconds(5)
    /// `broker_timeout`: how long a broker may wait for its replicas (`request.timeout.ms`). Default: 10 s.
    package var brokerTimeout = Duration.seconds(10)
    /// `timeout`: how long a broker may take to answer (`socket.timeout.ms`). Default: 30 s.
    package var timeout = Duration.seconds(30)
    /// `keep_alive`: TCP keep-alive towards brokers; zero is off. Default: off.
    package var keepAlive = Duration.zero
    /// `username` and `password`: SASL where they are there.
    package var username: String?
    package var password: Secret?
    /// `sasl.mechanism`. Default: PLAIN where there is a username, else nil.
    package var saslMechanism: SASLMechanism?
    /// `ssl`: TLS where there is an `ssl` with anything in it and `ssl.enabled` is not false.
    package var tls: KafkaTLS?
    /// `metadata.refresh_frequency`. Default: 10 m.
    package var metadataRefresh = Duration.seconds(600)
    /// `backoff.init`: the first wait before records are produced again. Default: 1 s.
    package var backoffInitial = Duration.seconds(1)
    /// `backoff.max`: the longest. Default: 30 s.
    package var backoffMaximum = Duration.seconds(30)
    /// `record_timestamp`. Default: arrival.
    package var recordTimestamp = RecordTimestamp.arrival
    /// `librdkafka`: raw properties, unchecked here, in the order of the file.
    package var librdkafka: [(name: String, value: String)] = []

    package init() {}

    package enum SASLMechanism: String, CaseIterable, Sendable {
        case plain = "PLAIN"
        case scramSHA256 = "SCRAM-SHA-256"
        case scramSHA512 = "SCRAM-SHA-512"
    }
}

/// `output.kafka.ssl`.
package struct KafkaTLS: Equatable, Sendable {
    package enum VerificationMode: String, CaseIterable, Sendable {
        /// The certificate and the name in it.
        case full
        /// As `full`, and the name must be among the alternative names.
        case strict
        /// The certificate, whatever its name.
        case certificate
        /// Nothing. Not for production.
        case none
    }

    /// A file, or the PEM itself.
    package enum PEM: Equatable, Sendable {
        case file(String)
        case inline(String)

        init(_ text: String) { self = text.hasPrefix("-----BEGIN") ? .inline(text) : .file(text) }
    }

    /// `ssl.certificate_authorities`. Default: those of the system.
    package var authorities: [PEM] = []
    /// `ssl.certificate` and `ssl.key`: who we are, both or neither.
    package var certificate: PEM?
    package var key: PEM?
    /// `ssl.key_passphrase`.
    package var keyPassphrase: Secret?
    /// `ssl.verification_mode`. Default: full.
    package var verification = VerificationMode.full

    package init() {}
}

extension KafkaTLS.PEM: CustomStringConvertible, CustomReflectable {
    /// The file's name; an inline PEM, which may be a key, is not shown.
    package var description: String {
        switch self {
        case .file(let name): name
        case .inline: "***"
        }
    }

    package var customMirror: Mirror { Mirror(self, children: []) }
}
