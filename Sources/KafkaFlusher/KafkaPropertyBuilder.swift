internal import LogPipeline

/// Turns a `KafkaConfiguration` into properties, step by step, and collects what contradicts.
struct KafkaPropertyBuilder {
    private(set) var list: [KafkaProperty] = []
    private(set) var errors: [FlusherError] = []
    private(set) var warnings: [String] = []

    mutating func add(_ name: String, _ value: String, _ key: String, unless skipped: Bool = false) {
        guard !skipped else { return }
        list.append(KafkaProperty(name: name, value: value, setting: "output.kafka.\(key)"))
    }

    mutating func refuse(_ key: String, _ message: String) {
        errors.append(FlusherError(setting: "output.kafka.\(key)", message: message))
    }
}

extension KafkaPropertyBuilder {
    mutating func delivery(_ configuration: KafkaConfiguration, batchBytes: Int) {
        let acks = configuration.requiredAcks
        if !(-1...1).contains(acks) { refuse("required_acks", "must be -1, 0 or 1, not \(acks)") }
        add("client.id", configuration.clientID, "client_id")
        add("acks", String(acks), "required_acks")
        add("enable.idempotence", acks == -1 ? "true" : "false", "required_acks")
        add("compression.codec", configuration.compression.rawValue, "compression")
        if let level = configuration.compressionLevel {
            add("compression.level", String(level), "compression_level")
        }
        // Room for what Kafka writes around a record and for headers; the pipeline has bounded the record itself.
        add("message.max.bytes", String(configuration.maxMessageBytes + 3_072), "max_message_bytes")
        add("batch.size", String(batchBytes), "max_message_bytes")
        // In flight is bounded by bytes before records come here: these limits must never be the ones that bind.
        add("queue.buffering.max.messages", "0", "max_in_flight")
        add("queue.buffering.max.kbytes", String(Int32.max), "max_in_flight")
    }

    mutating func timing(_ configuration: KafkaConfiguration) {
        // A record leaves by being stored or by its own fault, never by age.
        add("message.timeout.ms", "0", "librdkafka.message.timeout.ms")
        let linger =
            configuration.isIdempotent ? min(1, configuration.lingerMilliseconds) : configuration.lingerMilliseconds
        add("linger.ms", String(linger), "bulk_flush_frequency")
        add("request.timeout.ms", String(configuration.brokerTimeoutMilliseconds), "broker_timeout")
        add("socket.timeout.ms", String(configuration.timeoutMilliseconds), "timeout")
        add(
            "topic.metadata.refresh.interval.ms",
            String(configuration.metadataRefreshMilliseconds),
            "metadata.refresh_frequency"
        )
        add("log.queue", "true", "librdkafka.log.queue")
        add("statistics.interval.ms", "10000", "librdkafka.statistics.interval.ms")
        if configuration.backoffMaximumMilliseconds < configuration.backoffInitialMilliseconds {
            refuse("backoff.max", "is shorter than backoff.init")
        }
    }

    mutating func security(_ configuration: KafkaConfiguration) {
        let tls = configuration.tls.flatMap { $0.enabled ? $0 : nil }
        let sasl = configuration.username != nil || configuration.saslMechanism != nil
        let transport = (sasl ? "sasl_" : "") + (tls == nil ? "plaintext" : "ssl")
        add("security.protocol", transport, tls == nil ? "sasl.mechanism" : "ssl.enabled")
        if sasl { credentials(configuration, encrypted: tls != nil) }
        if let tls { certificates(tls) }
    }

    private mutating func credentials(_ configuration: KafkaConfiguration, encrypted: Bool) {
        let mechanism = (configuration.saslMechanism ?? "PLAIN").uppercased()
        guard ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"].contains(mechanism) else {
            refuse("sasl.mechanism", "must be PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512, not \(mechanism)")
            return
        }
        guard let username = configuration.username, !username.isEmpty else {
            refuse("username", "is needed for sasl.mechanism \(mechanism)")
            return
        }
        guard let password = configuration.password else {
            refuse("password", "is needed with a username")
            return
        }
        add("sasl.mechanism", mechanism, "sasl.mechanism")
        add("sasl.username", username, "username")
        add("sasl.password", password, "password")
        if mechanism.hasPrefix("SCRAM"), KafkaProperties.scramIsUnsound {
            warnings.append("output.kafka.sasl.mechanism: \(KafkaProperties.scramAdvice)")
        }
        if mechanism == "PLAIN", !encrypted {
            warnings.append("output.kafka.sasl.mechanism: PLAIN without ssl sends the password in the clear")
        }
    }

    private mutating func certificates(_ tls: KafkaConfiguration.TLS) {
        pem("ssl.certificate", tls.certificate, "ssl.certificate")
        pem("ssl.key", tls.key, "ssl.key")
        if (tls.certificate == nil) != (tls.key == nil) {
            refuse(tls.key == nil ? "ssl.key" : "ssl.certificate", "a client certificate needs its key, and a key one")
        }
        if let passphrase = tls.keyPassphrase { add("ssl.key.password", passphrase, "ssl.key_passphrase") }
        add(
            "enable.ssl.certificate.verification",
            tls.verification == .none ? "false" : "true",
            "ssl.verification_mode"
        )
        let names = tls.verification == .full || tls.verification == .strict
        add("ssl.endpoint.identification.algorithm", names ? "https" : "none", "ssl.verification_mode")
        if tls.verification == .none {
            warnings.append("output.kafka.ssl.verification_mode: none accepts any broker's certificate")
        }
    }

    private mutating func pem(_ property: String, _ value: String?, _ key: String) {
        guard let value else { return }
        add(property + (value.contains("-----BEGIN") ? ".pem" : ".location"), value, key)
    }

    mutating func raw(_ configuration: KafkaConfiguration) {
        for (name, value) in configuration.librdkafka.sorted(by: { $0.key < $1.key }) {
            if let message = contradiction(name, value, configuration) {
                refuse("librdkafka.\(name)", message)
            } else {
                add(name, value, "librdkafka.\(name)")
            }
        }
    }

    private func contradiction(_ name: String, _ value: String, _ configuration: KafkaConfiguration) -> String? {
        switch name {
        case "message.timeout.ms", "delivery.timeout.ms":
            value == "0" ? nil : "records would expire; only 0 keeps them until Kafka has them"
        case "message.send.max.retries", "retries":
            "records would be given up after some retries"
        case "enable.gapless.guarantee":
            "a record that Kafka refuses for its own fault would stop the producer"
        case "transactional.id": "Sluice does not write in transactions"
        case "delivery.report.only.error": "delivered records must be reported"
        case "log.queue", "dr_cb", "dr_msg_cb": "is Sluice's own"
        case "bootstrap.servers", "metadata.broker.list": "is output.kafka.hosts"
        case "acks", "request.required.acks": "is output.kafka.required_acks"
        case "enable.idempotence" where value == "true" && configuration.requiredAcks != -1:
            "needs output.kafka.required_acks: -1"
        default: nil
        }
    }
}
