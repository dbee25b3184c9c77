extension KafkaOutput {
    init(_ reader: inout TableReader, _ elsewhere: () -> [String]) {
        readDestination(&reader)
        readBatching(&reader)
        readTimes(&reader, elsewhere)
        readAuthentication(&reader, elsewhere)
        if var ssl = reader.table("ssl") { tls = KafkaTLS.read(&ssl, elsewhere) }
        checkEmbedded(reader)
        readPartition(&reader, elsewhere)
        readProperties(&reader)
        Self.refuseAndIgnore(&reader)
        reader.finish(elsewhere: elsewhere)
    }

    private mutating func readDestination(_ reader: inout TableReader) {
        let texts = reader.list("hosts")
        for (text, origin) in texts {
            do throws(ValueFault) {
                hosts.append(try Self.host(text))
            } catch {
                reader.report.fail(reader.whole("hosts"), at: origin, .invalid(error.message))
            }
        }
        let isEmbedded = reader.bool("embedded")
        let hasHosts = reader.report.isSet(reader.whole("hosts")) && !hosts.isEmpty
        embedded = isEmbedded ?? !hasHosts
        if texts.isEmpty && reader.report.isSet(reader.whole("hosts")) && isEmbedded != true {
            reader.fail("hosts", .invalid("is an empty list; name brokers, or write embedded: true"))
        }
        if embedded && hasHosts {
            reader.fail("embedded", .contradiction("true and hosts are given; leave one of them out"))
        }
        if isEmbedded == false && !reader.report.isSet(reader.whole("hosts")) {
            reader.fail("embedded", .contradiction("false without hosts: there is nowhere to go; set hosts"))
        }
        topic = reader.value("topic", Self.topic) ?? topic
        clientID = reader.text("client_id") ?? clientID
        recordTimestamp = reader.choice("record_timestamp", RecordTimestamp.self) ?? recordTimestamp
    }

    private static func topic(_ text: String) throws(ValueFault) -> String {
        guard !text.contains("%{") else {
            throw ValueFault(message: "format strings are not there yet; they come with a later version")
        }
        return try ValueText.topic(text)
    }

    /// `host`, `host:port`, `[IPv6]:port`; the port is added where it is missing.
    private static func host(_ text: String) throws(ValueFault) -> String {
        let fault = ValueFault(message: "\"\(text)\" is not a broker; write host:port, as in kafka1.example:9092")
        guard !text.contains(where: { $0.isWhitespace || "/,@".contains($0) }) else { throw fault }
        var host = text[...]
        var port: UInt16? = 9092
        if let colon = text.lastIndex(of: ":"), !text.hasSuffix("]") {
            host = text[..<colon]
            port = UInt16(text[text.index(after: colon)...])
        }
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        guard let port, port > 0, !host.isEmpty, host.contains(":") == isBracketed else { throw fault }
        return "\(host):\(port)"
    }

    private mutating func readBatching(_ reader: inout TableReader) {
        compression = reader.choice("compression", Compression.self) ?? compression
        compressionLevel = reader.integer("compression_level", in: -1...12)
        requiredAcks =
            reader.value("required_acks") { text throws(ValueFault) in
                guard let acks = text == "all" ? -1 : Int(text), (-1...1).contains(acks) else {
                    throw ValueFault(
                        message: "\"\(text)\" is none of -1 (all in-sync replicas), 1 (the leader), 0 (none)"
                    )
                }
                return acks
            } ?? requiredAcks
        maxMessageBytes = reader.size("max_message_bytes", in: 1000...1_000_000_000) ?? maxMessageBytes
        bulkMaxSize = reader.integer("bulk_max_size", in: 1...1_000_000) ?? bulkMaxSize
        bulkFlushFrequency =
            reader.duration("bulk_flush_frequency", orOff: true, atMost: .seconds(900)) ?? bulkFlushFrequency
    }

    private mutating func readTimes(_ reader: inout TableReader, _ elsewhere: () -> [String]) {
        brokerTimeout = reader.duration("broker_timeout", atMost: .seconds(900)) ?? brokerTimeout
        timeout = reader.duration("timeout", atMost: .seconds(300)) ?? timeout
        keepAlive = reader.duration("keep_alive", orOff: true) ?? keepAlive
        if var metadata = reader.table("metadata") {
            metadataRefresh = metadata.duration("refresh_frequency", atMost: .seconds(3600)) ?? metadataRefresh
            metadata.ignore("full", "librdkafka asks for the topics in use")
            metadata.ignore("retry", "retrying never ends")
            metadata.finish(elsewhere: elsewhere)
        }
        if var backoff = reader.table("backoff") {
            backoffInitial = backoff.duration("init") ?? backoffInitial
            backoffMaximum = backoff.duration("max") ?? backoffMaximum
            backoff.finish(elsewhere: elsewhere)
            if backoffInitial > backoffMaximum {
                backoff.fail("init", .contradiction("is longer than backoff.max (\(backoffMaximum))"))
            }
        }
    }

    private mutating func readAuthentication(_ reader: inout TableReader, _ elsewhere: () -> [String]) {
        username = reader.text("username")
        password = reader.secret("password")
        if var sasl = reader.table("sasl") {
            saslMechanism = sasl.choice("mechanism", SASLMechanism.self)
            sasl.finish(elsewhere: elsewhere)
            if saslMechanism != nil && username == nil {
                sasl.fail("mechanism", .contradiction("needs output.kafka.username and output.kafka.password"))
            }
        }
        if username != nil && password == nil { reader.fail("username", .contradiction("needs a password as well")) }
        if username == nil && password != nil { reader.fail("password", .contradiction("needs a username as well")) }
        if username != nil { saslMechanism = saslMechanism ?? .plain }
    }

    /// Whoever sets a password or TLS has a real Kafka in mind.
    private func checkEmbedded(_ reader: TableReader) {
        guard embedded else { return }
        if username != nil && password != nil {
            reader.fail("username", .contradiction("needs hosts: the embedded broker knows no users"))
        }
        if tls != nil { reader.fail("ssl", .contradiction("needs hosts: the embedded broker knows no TLS")) }
    }

    private func readPartition(_ reader: inout TableReader, _ elsewhere: () -> [String]) {
        guard var partition = reader.table("partition") else { return }
        partition.accept("connection")
        for name in ["hash", "round_robin", "random"] {
            partition.refuse(name, .comesLater("a partitioner other than partition.connection"))
        }
        partition.finish(elsewhere: elsewhere)
    }

    private mutating func readProperties(_ reader: inout TableReader) {
        let ours = [
            "bootstrap.servers": "hosts", "metadata.broker.list": "hosts", "acks": "required_acks",
            "request.required.acks": "required_acks", "sasl.username": "username", "sasl.password": "password",
            "sasl.mechanism": "sasl.mechanism", "sasl.mechanisms": "sasl.mechanism",
            "ssl.key.password": "ssl.key_passphrase",
        ]
        for (name, value, origin) in reader.properties("librdkafka") {
            let key = "\(reader.whole("librdkafka")).\(name)"
            if let better = ours[name] {
                reader.report.fail(key, at: origin, .contradiction("has a setting of its own: \(reader.whole(better))"))
            } else if value.isEmpty {
                reader.report.fail(key, at: origin, .invalid("has no value"))
            } else {
                librdkafka.append((name, value))
            }
        }
    }

    private static func refuseAndIgnore(_ reader: inout TableReader) {
        reader.refuse("key", .comesLater("a key of records"))
        reader.refuse("topics", .comesLater("choosing a topic by rules"))
        reader.refuse("headers", .comesLater("headers of records"))
        reader.refuse("kerberos", .invalid("Kerberos is not supported; use username, password and sasl.mechanism"))
        let ignored = [
            ("worker", "one producer serves all"), ("workers", "one producer serves all"),
            ("max_retries", "logs are kept until Kafka has them"), ("version", "librdkafka asks the brokers"),
            ("channel_buffer_size", "the bound is max_in_flight"), ("loadbalance", "partitions do that"),
            ("queue", "the bound is max_in_flight"), ("codec", "logs are relayed as they come"),
            ("escape_html", "logs are relayed as they come"),
        ]
        for (name, why) in ignored { reader.ignore(name, why) }
    }
}

extension KafkaTLS {
    /// Nil where `ssl.enabled` is false.
    static func read(_ reader: inout TableReader, _ elsewhere: () -> [String]) -> KafkaTLS? {
        var tls = KafkaTLS()
        let isEnabled = reader.bool("enabled") ?? true
        tls.authorities = reader.list("certificate_authorities").map { PEM($0.text) }
        tls.certificate = reader.text("certificate").map(PEM.init)
        tls.key = reader.text("key").map(PEM.init)
        tls.keyPassphrase = reader.secret("key_passphrase")
        tls.verification = reader.choice("verification_mode", VerificationMode.self) ?? tls.verification
        Self.checkVersions(&reader)
        for name in ["cipher_suites", "curve_types", "ca_sha256", "ca_trusted_fingerprint"] {
            reader.refuse(name, .invalid("is not supported here; librdkafka: has properties of its own"))
        }
        reader.ignore("renegotiation", "there is none")
        reader.finish(elsewhere: elsewhere)
        if tls.certificate != nil && tls.key == nil {
            reader.fail("certificate", .contradiction("needs ssl.key as well"))
        }
        if tls.certificate == nil && tls.key != nil {
            reader.fail("key", .contradiction("needs ssl.certificate as well"))
        }
        if tls.keyPassphrase != nil && tls.key == nil {
            reader.fail("key_passphrase", .contradiction("needs ssl.key as well"))
        }
        return isEnabled ? tls : nil
    }

    /// librdkafka offers what its OpenSSL has and cannot be told less: a wish that it would not follow is refused.
    private static func checkVersions(_ reader: inout TableReader) {
        let named = reader.list("supported_protocols")
        guard let origin = named.first?.origin, Set(named.map(\.text)) != ["TLSv1.2", "TLSv1.3"] else { return }
        let words = """
            librdkafka agrees with a broker on TLSv1.2 or TLSv1.3 and takes no choice: leave this out, \
            or limit the brokers (ssl.enabled.protocols)
            """
        reader.report.fail(reader.whole("supported_protocols"), at: origin, .invalid(words))
    }
}
