import KafkaFlusher
import LogPipeline
import Settings

extension KafkaConfiguration {
    /// `output.kafka` as the flusher takes it.
    init(_ output: KafkaOutput, _ settings: Settings) {
        self.init()
        hosts = output.hosts
        embedded = output.embedded
        clientID = output.clientID
        compression = Compression(rawValue: output.compression.rawValue) ?? .lz4
        compressionLevel = output.compressionLevel
        requiredAcks = output.requiredAcks
        maxMessageBytes = output.maxMessageBytes
        bulkMaxSize = output.bulkMaxSize
        lingerMilliseconds = output.bulkFlushFrequency.milliseconds
        username = output.username
        password = output.password?.value
        saslMechanism = output.saslMechanism?.rawValue
        tls = output.tls.map(TLS.init)
        brokerTimeoutMilliseconds = output.brokerTimeout.milliseconds
        timeoutMilliseconds = output.timeout.milliseconds
        metadataRefreshMilliseconds = output.metadataRefresh.milliseconds
        backoffInitialMilliseconds = output.backoffInitial.milliseconds
        backoffMaximumMilliseconds = output.backoffMaximum.milliseconds
        stalledAfterMilliseconds = settings.stalledAfter.milliseconds
        maxInFlightBytes = settings.maxInFlight
        recordTimestamp = output.recordTimestamp == .log ? .log : .arrival
        clusterMetrics = settings.kafkaMetrics.isEnabled ? ClusterMetricsConfiguration(settings.kafkaMetrics) : nil
        librdkafka = Dictionary(output.librdkafka.map { ($0.name, $0.value) }) { _, last in last }
        if output.keepAlive > .zero, librdkafka["socket.keepalive.enable"] == nil {
            librdkafka["socket.keepalive.enable"] = "true"
        }
    }
}

extension ClusterMetricsConfiguration {
    init(_ metrics: Settings.KafkaMetrics) {
        self.init()
        topics = metrics.topics
        groups = metrics.groups
        periodMilliseconds = metrics.period.milliseconds
        timeoutMilliseconds = metrics.timeout.milliseconds
        maxSeries = metrics.maxSeries
    }
}

extension KafkaConfiguration.TLS {
    init(_ tls: KafkaTLS) {
        self.init()
        certificateAuthorities = tls.authorities.map(\.text)
        certificate = tls.certificate?.text
        key = tls.key?.text
        keyPassphrase = tls.keyPassphrase?.value
        verification = KafkaConfiguration.Verification(rawValue: tls.verification.rawValue) ?? .full
    }
}

extension KafkaTLS.PEM {
    /// The file's name, or the PEM itself.
    var text: String {
        switch self {
        case .file(let name): name
        case .inline(let pem): pem
        }
    }
}

extension Duration {
    var milliseconds: Int {
        Int(components.seconds) * 1_000 + Int(components.attoseconds / 1_000_000_000_000_000)
    }

    var nanoseconds: UInt64 {
        UInt64(max(0, components.seconds)) * 1_000_000_000 + UInt64(max(0, components.attoseconds / 1_000_000_000))
    }
}
