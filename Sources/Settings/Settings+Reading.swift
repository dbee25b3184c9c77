extension Settings {
    /// Takes the settings out of a table; what is wrong is in the report, with a default in its place.
    init(_ table: SettingTable, report: SettingsReport, elsewhere: () -> [String]) {
        var root = TableReader(table, key: "", origin: .none, report: report)
        readListeners(&root, elsewhere)
        readLimits(&root)
        readTimes(&root)
        compression = Compression(&root)
        access = Access.read(&root, elsewhere)
        if var reader = root.table("logging") { logging = Logging(&reader, elsewhere) }
        if var reader = root.table("kafka_metrics") { kafkaMetrics = KafkaMetrics(&reader, elsewhere) }
        if var reader = root.table("output") { readOutput(&reader, elsewhere) }
        if case .on(let read) = DeadLetters.read(&root, outer: nil, elsewhere) { deadLetters = read }
        routes = Route.read(&root, settings: self, elsewhere)
        root.finish(elsewhere: elsewhere)
        check(report)
    }

    private mutating func readListeners(_ root: inout TableReader, _ elsewhere: () -> [String]) {
        if let readers = root.tables("listeners") {
            listeners = readers.compactMap { Listener.read($0, elsewhere) }
        }
        let admin = root.value("admin") { text throws(ValueFault) -> ListenAddress? in
            text == "none" ? nil : try ListenAddress(text)
        }
        if let admin { self.admin = admin }
    }

    private mutating func readLimits(_ root: inout TableReader) {
        maxLen = root.size("max_len", in: 1...(1 << 30)) ?? maxLen
        maxInFlight = root.size("max_in_flight", in: (1 << 20)...(1 << 40)) ?? maxInFlight
        maxPartial = root.size("max_partial", in: (64 << 10)...(1 << 40)) ?? maxPartial
        maxHeaderBytes = root.size("max_header_bytes", in: 1024...(1 << 20)) ?? maxHeaderBytes
        maxConnections = root.integer("max_connections", in: 0...10_000_000) ?? maxConnections
        handshakesPerAddress = root.integer("handshakes_per_address", in: 0...10_000_000) ?? handshakesPerAddress
        maxSessions = root.integer("max_sessions", in: 1...10_000_000) ?? maxSessions
        maxMessage = root.size("max_message", in: 1...(1 << 30)) ?? maxMessage
        trustedProxies = root.texts("trusted_proxies")?.map(\.text) ?? trustedProxies
        loops = root.integer("loops", in: 1...1024) ?? loops
    }

    private mutating func readTimes(_ root: inout TableReader) {
        messageTimeout = root.duration("message_timeout") ?? messageTimeout
        drain = root.duration("drain", orOff: true) ?? drain
        pingInterval = root.duration("ping_interval", orOff: true) ?? pingInterval
        idleTimeout = root.duration("idle_timeout", orOff: true) ?? idleTimeout
        maxConnectionAge = root.duration("max_connection_age", orOff: true) ?? maxConnectionAge
        handshakeTimeout = root.duration("handshake_timeout") ?? handshakeTimeout
        sessionTimeout = root.duration("session_timeout") ?? sessionTimeout
        stalledAfter = root.duration("stalled_after") ?? stalledAfter
    }

    private mutating func readOutput(_ reader: inout TableReader, _ elsewhere: () -> [String]) {
        let kafka = reader.table("kafka").flatMap { kafka in
            var kafka = kafka
            let isEnabled = kafka.bool("enabled") ?? true
            let output = KafkaOutput(&kafka, elsewhere)
            return isEnabled ? output : nil
        }
        let console = reader.table("console").map { console in
            var console = console
            let isEnabled = console.bool("enabled") ?? true
            console.ignore("pretty", "records are written as they are relayed")
            console.ignore("codec", "records are written as they are relayed")
            console.finish(elsewhere: elsewhere)
            return isEnabled
        }
        for other in ["elasticsearch", "logstash", "redis", "file", "discard"] {
            reader.refuse(other, .invalid("is not an output of Sluice; they are output.kafka and output.console"))
        }
        reader.finish(elsewhere: elsewhere)
        if let kafka { output = .kafka(kafka) }
        guard console == true else {
            if kafka == nil && (console == false || reader.report.isSet("output.kafka.enabled")) {
                reader.report.fail(
                    "output",
                    .contradiction("no output is enabled; enable output.kafka or output.console")
                )
            }
            return
        }
        if kafka != nil {
            reader.fail("console", .contradiction("both output.kafka and output.console are given; keep one of them"))
        }
        output = .console
    }
}

extension Settings.Listener {
    /// Nil without an address. A list of listeners keeps its places in errors, not in the result.
    static func read(_ reader: TableReader, _ elsewhere: () -> [String]) -> Self? {
        var reader = reader
        let isMissing = reader.isMissing("address")
        let address = reader.value("address", ListenAddress.init)
        let tls = reader.table("ssl").flatMap { ssl in
            var ssl = ssl
            return ListenerTLS.read(&ssl, elsewhere)
        }
        let isProxied = reader.bool("proxy_protocol") ?? false
        let access = Access.read(&reader, elsewhere)
        reader.finish(elsewhere: elsewhere)
        if isMissing { reader.missing("address") }
        guard let address else { return nil }
        var listener = Self(address: address)
        (listener.tls, listener.isProxied, listener.access) = (tls, isProxied, access)
        return listener
    }
}

extension Settings.Logging {
    init(_ reader: inout TableReader, _ elsewhere: () -> [String]) {
        level = reader.choice("level", Level.self) ?? level
        json = reader.bool("json") ?? json
        reader.finish(elsewhere: elsewhere)
    }
}

extension Route {
    static func read(_ root: inout TableReader, settings: Settings, _ elsewhere: () -> [String]) -> [Route] {
        let topic =
            switch settings.output {
            case .kafka(let kafka): kafka.topic
            case .console: KafkaOutput().topic
            }
        let base = Route(
            path: "",
            maxLen: settings.maxLen,
            topic: topic,
            pingInterval: settings.pingInterval,
            maxConnectionAge: settings.maxConnectionAge,
            maxMessage: settings.maxMessage,
            deadLetters: settings.deadLetters
        )
        guard let readers = root.tables("routes") else {
            var (logs, echo) = (base, base)
            logs.path = "/logs"
            (echo.path, echo.reply) = ("/echo", .echo)
            return [logs, echo]
        }
        var paths: Set<String> = []
        return readers.compactMap { reader in
            var reader = reader
            guard let route = base.read(&reader, elsewhere) else { return nil }
            guard paths.insert(route.path).inserted else {
                reader.fail("path", .contradiction("\"\(route.path)\" is the path of another route above"))
                return nil
            }
            return route
        }
    }

    private func read(_ reader: inout TableReader, _ elsewhere: () -> [String]) -> Route? {
        var route = self
        let isMissing = reader.isMissing("path")
        let path = reader.value("path", Route.path)
        route.reply = reader.choice("reply", Reply.self) ?? reply
        route.maxLen = reader.size("max_len", in: 1...(1 << 30)) ?? maxLen
        route.codec = reader.choice("codec", Codec.self) ?? codec
        let named = reader.value("topic") { text throws(ValueFault) -> String? in
            text == "none" ? nil : try ValueText.topic(text)
        }
        if let named { route.topic = named }
        route.pingInterval = reader.duration("ping_interval", orOff: true) ?? pingInterval
        route.maxConnectionAge = reader.duration("max_connection_age", orOff: true) ?? maxConnectionAge
        route.split = reader.choice("split", Split.self) ?? split
        route.maxMessage = reader.size("max_message", in: 1...(1 << 30)) ?? maxMessage
        route.source = reader.choice("source", Source.self) ?? source
        switch DeadLetters.read(&reader, outer: deadLetters, elsewhere) {
        case .unsaid: break
        case .off: route.deadLetters = nil
        case .on(let read): route.deadLetters = read
        }
        route.access = Access.read(&reader, elsewhere)
        reader.finish(elsewhere: elsewhere)
        if isMissing { reader.missing("path") }
        guard let path else { return nil }
        route.path = path
        return route
    }

    private static func path(_ text: String) throws(ValueFault) -> String {
        guard text.hasPrefix("/") else { throw ValueFault(message: "\"\(text)\" does not begin with \"/\"") }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") })
        else { throw ValueFault(message: "\"\(text)\" is not a path: visible ASCII without \"?\" and \"#\"") }
        return text
    }
}
