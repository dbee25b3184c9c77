package import LogPipeline

/// What a `KafkaFlusher` is told: `output.kafka` of the configuration file, as plain values.
///
/// Names follow libbeat's keys; the librdkafka properties they become are in `KafkaProperties`.
package struct KafkaConfiguration: Equatable, Sendable {
    package enum Compression: String, CaseIterable, Sendable {
        case none
        case gzip
        case snappy
        case lz4
        case zstd
    }

    /// How far a broker's certificate is looked at (libbeat's `ssl.verification_mode`).
    package enum Verification: String, CaseIterable, Sendable {
        /// Chain and host name.
        case full
        /// The same as `full` here; libbeat's `strict` differs only for certificates without a name.
        case strict
        /// Chain only.
        case certificate
        /// Nothing: encryption without knowing to whom.
        case none
    }

    package struct TLS: Equatable, Sendable {
        package var enabled = true
        /// Paths of PEM files or PEM text itself; the system's store when empty.
        package var certificateAuthorities: [String] = []
        /// Path or PEM text.
        package var certificate: String?
        /// Path or PEM text.
        package var key: String?
        package var keyPassphrase: String?
        package var verification = Verification.full

        package init() {}
    }

    /// Bootstrap addresses, `host:port`. None means the embedded broker.
    package var hosts: [String] = []
    /// Keep an in-process Kafka for trying things out; nothing survives the process.
    package var embedded = false
    /// Partitions of each topic of the embedded broker.
    package var embeddedPartitions = 4
    package var clientID = "sluice"
    package var compression = Compression.lz4
    /// The codec's own scale; nil for its default.
    package var compressionLevel: Int?
    /// -1: all in-sync replicas (idempotent); 1: the leader; 0: nobody.
    package var requiredAcks = -1
    /// Bytes of one encoded record, at most.
    package var maxMessageBytes = 1_000_000
    /// Records of one `Batch`, at most: the size of the message arrays.
    package var bulkMaxSize = 2_048
    /// How long a record waits for company (`linger.ms`), milliseconds.
    package var lingerMilliseconds = 5
    package var username: String?
    package var password: String?
    /// `PLAIN`, `SCRAM-SHA-256` or `SCRAM-SHA-512`; `PLAIN` when there is only a user name.
    package var saslMechanism: String?
    package var tls: TLS?
    /// How long the broker may wait for its replicas (`request.timeout.ms`), milliseconds.
    package var brokerTimeoutMilliseconds = 10_000
    /// For a whole request on the network (`socket.timeout.ms`), milliseconds.
    package var timeoutMilliseconds = 30_000
    /// `topic.metadata.refresh.interval.ms`, milliseconds.
    package var metadataRefreshMilliseconds = 600_000
    /// Wait before the first probe of a partition that refused records, milliseconds.
    package var backoffInitialMilliseconds = 1_000
    /// The longest such wait, milliseconds.
    package var backoffMaximumMilliseconds = 30_000
    /// A record unsettled for so long makes its topic unhealthy (`stalled_after`), milliseconds.
    package var stalledAfterMilliseconds = 30_000
    /// Bytes in flight for all topics together; each topic may have half of it.
    package var maxInFlightBytes = 256 << 20
    /// Whether records carry timestamps of their own (`Record.timestamp`).
    package var recordTimestamp = RecordTimestamp.arrival
    /// What is collected about the cluster; nil for nothing.
    package var clusterMetrics: ClusterMetricsConfiguration?
    /// Raw librdkafka properties; they win over what this structure says.
    package var librdkafka: [String: String] = [:]

    package init() {}

    /// Whether the in-process broker is wanted.
    package var usesEmbeddedBroker: Bool { embedded || hosts.isEmpty }

    /// Whether librdkafka is an idempotent producer with this.
    var isIdempotent: Bool { requiredAcks == -1 && librdkafka["enable.idempotence"] != "false" }

    /// How long librdkafka itself lets records linger, milliseconds. With an idempotent producer most of the waiting
    /// is done before it (`RequestWindow`); a millisecond lets the batches of one tick become one request.
    var librdkafkaLinger: Double {
        let own = librdkafka["linger.ms"] ?? librdkafka["queue.buffering.max.ms"]
        return own.flatMap(Double.init) ?? Double(isIdempotent ? min(1, lingerMilliseconds) : lingerMilliseconds)
    }
}
