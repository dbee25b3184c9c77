// What concerns clients.
extension SettingInventory {
    mutating func addTop(_ settings: Settings) {
        add("admin", settings.admin, .restart)
        add("max_len", size: settings.maxLen)
        add("max_in_flight", size: settings.maxInFlight, .restart)
        add("max_partial", size: settings.maxPartial)
        add("message_timeout", time: settings.messageTimeout)
        add("max_message", size: settings.maxMessage)
        add("max_connections", settings.maxConnections)
        add("max_connection_age", time: settings.maxConnectionAge)
        add("handshakes_per_address", settings.handshakesPerAddress)
        add("max_header_bytes", size: settings.maxHeaderBytes)
        add("handshake_timeout", time: settings.handshakeTimeout)
        add("trusted_proxies", list: settings.trustedProxies)
        add("loops", settings.loops, .restart)
        add("ping_interval", time: settings.pingInterval)
        add("idle_timeout", time: settings.idleTimeout)
        add("drain", time: settings.drain)
        add("stalled_after", time: settings.stalledAfter, .restart)
        add("session_timeout", time: settings.sessionTimeout, .restart)
        add("max_sessions", settings.maxSessions, .restart)
        add("compression", settings.compression.isOn)
        add("compression_level", settings.compression.level)
        add("compression_window_bits", settings.compression.windowBits)
        add("compression_memory_level", settings.compression.memoryLevel)
        add("compression_context_takeover", settings.compression.contextTakeover)
        add("compression_idle", time: settings.compression.idle)
        add("logging.level", settings.logging.level.rawValue)
        add("logging.json", settings.logging.json, .restart)
    }

    mutating func add(_ access: Access) {
        add("origins", list: access.origins)
        var credentials: Credentials?
        switch access.auth {
        case nil: add("auth", text: "not said")
        case .open: add("auth", text: "none")
        case .required(let some):
            add("auth", text: "required")
            credentials = some
        }
        within("auth") { $0.add(credentials ?? Credentials()) }
        within("limits") { inner in
            for (name, path) in Limits.all {
                inner.add(name, text: access.limits[keyPath: path].map(String.init) ?? "not said")
            }
        }
    }

    private mutating func add(_ credentials: Credentials) {
        add(
            "tokens",
            text: "[\(credentials.tokens.map { $0.name.map { "\($0): ***" } ?? "***" }.joined(separator: ", "))]",
            identity: credentials.tokens.map { "\($0.name ?? "")\n\($0.token.value)\n" }.joined()
        )
        add("tokens_file", credentials.tokensFile)
        add(
            "basic",
            text: "[\(credentials.basic.map { "\($0.username): ***" }.joined(separator: ", "))]",
            identity: credentials.basic.map { "\($0.username)\n\($0.password.value)\n" }.joined()
        )
        within("jwt") { inner in
            inner.add("jwks_file", credentials.jwt?.jwksFile)
            inner.add("secret", secret: credentials.jwt?.secret)
            inner.add("issuer", credentials.jwt?.issuer)
            inner.add("audience", credentials.jwt?.audience)
            inner.add("leeway", time: credentials.jwt?.leeway ?? .seconds(5))
        }
        add("cookie", credentials.cookie)
    }

    mutating func add(_ letters: DeadLetters?) {
        within("dead_letters") { inner in
            inner.add("topic", text: letters?.topic ?? "off")
            inner.add("content_bytes", size: letters?.contentBytes ?? 0)
        }
    }

    /// - Parameter occurrence: which one of those with its address: several can have a port of 0.
    mutating func add(_ listener: Settings.Listener, occurrence: Int) {
        let place = occurrence == 1 ? "" : " #\(occurrence)"
        group("listeners[\(listener.address)\(place)]", .restart) { inner in
            inner.add("proxy_protocol", listener.isProxied, .restart)
            inner.add(listener.access)
            guard let tls = listener.tls else { return }
            inner.group("ssl", .restart) { $0.add(tls) }
        }
    }

    private mutating func add(_ tls: ListenerTLS) {
        if let first = tls.certificates.first { add(first) }
        add("certificates", list: tls.certificates.dropFirst().map { "\($0.certificate) \($0.key)" })
        let passphrases = tls.certificates.dropFirst().map { $0.keyPassphrase?.value ?? "" }
        add("certificates[].key_passphrase", text: "***", identity: passphrases.joined(separator: "\n"))
        add("certificate_authorities", list: tls.authorities)
        add("client_authentication", tls.clientAuthentication.rawValue)
        add("supported_protocols", list: tls.versions.map(\.rawValue))
        add("session_tickets", tls.sessionTickets)
    }

    private mutating func add(_ certificate: ListenerTLS.Certificate) {
        add("certificate", certificate.certificate)
        add("key", certificate.key)
        add("key_passphrase", secret: certificate.keyPassphrase)
    }

    mutating func add(_ route: Route) {
        group("routes[\(route.path)]") { inner in
            inner.add("reply", route.reply.rawValue)
            inner.add("codec", route.codec.rawValue)
            inner.add("topic", route.topic)
            inner.add("max_len", size: route.maxLen)
            inner.add("max_message", size: route.maxMessage)
            inner.add("ping_interval", time: route.pingInterval)
            inner.add("max_connection_age", time: route.maxConnectionAge)
            inner.add("split", route.split.rawValue)
            inner.add("source", route.source.rawValue)
            inner.add(route.deadLetters)
            inner.add(route.access)
        }
    }
}
