// What concerns the destination.
extension SettingInventory {
    mutating func add(_ output: Settings.Output) {
        switch output {
        case .console: group("console") { _ in }
        case .kafka(let kafka): group("kafka") { $0.add(kafka) }
        }
    }

    mutating func add(_ metrics: Settings.KafkaMetrics) {
        add("enabled", metrics.isEnabled)
        add("topics", list: metrics.topics)
        add("groups", list: metrics.groups)
        add("period", time: metrics.period)
        add("timeout", time: metrics.timeout)
        add("max_series", metrics.maxSeries)
    }

    private mutating func add(_ kafka: KafkaOutput) {
        add("hosts", list: kafka.hosts)
        add("embedded", kafka.embedded)
        // Of routes that name none.
        add("topic", text: kafka.topic, .live)
        add("client_id", kafka.clientID)
        add("required_acks", kafka.requiredAcks)
        add("compression", kafka.compression.rawValue)
        add("compression_level", kafka.compressionLevel)
        add("max_message_bytes", size: kafka.maxMessageBytes)
        add("bulk_max_size", kafka.bulkMaxSize)
        add("bulk_flush_frequency", time: kafka.bulkFlushFrequency)
        add("broker_timeout", time: kafka.brokerTimeout)
        add("timeout", time: kafka.timeout)
        add("keep_alive", time: kafka.keepAlive)
        add("metadata.refresh_frequency", time: kafka.metadataRefresh)
        add("backoff.init", time: kafka.backoffInitial)
        add("backoff.max", time: kafka.backoffMaximum)
        add("record_timestamp", kafka.recordTimestamp.rawValue)
        add("username", kafka.username)
        add("password", secret: kafka.password)
        add("sasl.mechanism", kafka.saslMechanism?.rawValue)
        if let tls = kafka.tls { group("ssl") { $0.add(tls) } }
        // A property may hold a secret.
        add(
            "librdkafka",
            text: "[\(kafka.librdkafka.map { "\($0.name): ***" }.joined(separator: ", "))]",
            identity: kafka.librdkafka.map { "\($0.name)\n\($0.value)\n" }.joined()
        )
    }

    private mutating func add(_ tls: KafkaTLS) {
        add(
            "certificate_authorities",
            text: "[\(tls.authorities.map(\.description).joined(separator: ", "))]",
            identity: tls.authorities.map(Self.identity).joined(separator: "\n")
        )
        add("certificate", text: tls.certificate?.description ?? "none", identity: tls.certificate.map(Self.identity))
        add("key", text: tls.key?.description ?? "none", identity: tls.key.map(Self.identity))
        add("key_passphrase", secret: tls.keyPassphrase)
        add("verification_mode", tls.verification.rawValue)
    }

    private static func identity(_ pem: KafkaTLS.PEM) -> String {
        switch pem {
        case .file(let name): "file \(name)"
        case .inline(let text): text
        }
    }
}
