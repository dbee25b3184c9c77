/// Contradictions and doubtful combinations of TLS, admission, compression and split.
extension Settings {
    func checkAccess(_ report: SettingsReport) {
        checkProxies(report)
        checkCompression(report)
        for index in routes.indices { checkRoute(index, report) }
        // Listeners and routes that are wrong are left out, so places would not be those of the file.
        guard report.errors.isEmpty else { return }
        checkTokensInClear(report)
        checkLimitsOfTokens(report)
    }

    private func checkProxies(_ report: SettingsReport) {
        guard trustedProxies.isEmpty else { return }
        for (index, listener) in listeners.enumerated() where listener.isProxied {
            if case .unix = listener.address { continue }
            report.fail(
                "listeners[\(index)].proxy_protocol",
                .contradiction("needs trusted_proxies: whose PROXY headers are believed, as in [10.0.0.0/8]")
            )
        }
    }

    private func checkCompression(_ report: SettingsReport) {
        guard !compression.isOn else { return }
        for key in ["level", "window_bits", "memory_level", "context_takeover", "idle"].map({ "compression_\($0)" })
        where report.isSet(key) {
            report.warn(key, "has no effect: compression is off")
        }
    }

    private func checkRoute(_ index: Int, _ report: SettingsReport) {
        let route = routes[index]
        func key(_ name: String) -> String { Access.Level.route(index).key(name) }
        if route.split != .none && route.reply == .echo {
            report.fail(key("split"), .contradiction("and reply: echo are given; an echo answers one log, keep one"))
        }
        if route.split != .none && route.maxMessage < route.maxLen {
            let candidates = [key("max_message"), "max_message", key("max_len"), "max_len", key("split")]
            report.warn(
                candidates.first(where: report.isSet) ?? key("split"),
                "max_message (\(route.maxMessage) bytes) is less than max_len (\(route.maxLen)): no log of that length "
                    + "can come"
            )
        }
        if route.source != .none && route.topic == nil {
            report.warn(key("source"), "has no effect: the route relays nothing (topic: none)")
        }
    }

    private func checkTokensInClear(_ report: SettingsReport) {
        let open = listeners.indices.filter { listener in
            guard !listeners[listener].isPrivate else { return false }
            return routes.indices.contains { rule(listener: listener, route: $0).credentials != nil }
        }
        guard let first = open.first else { return }
        let others = open.dropFirst().map { listeners[$0].address.description }
        report.warn(
            Access.Level.listener(first).key("address"),
            ([listeners[first].address.description] + others).joined(separator: ", ")
                + " without ssl: tokens and passwords travel in clear; set ssl, or listen on loopback behind a proxy"
        )
    }

    /// A limit of tokens where nobody shows one.
    private func checkLimitsOfTokens(_ report: SettingsReport) {
        let levels: [(level: Access.Level, access: Access)] =
            [(.top, access)] + listeners.indices.map { (.listener($0), listeners[$0].access) }
            + routes.indices.map { (.route($0), routes[$0].access) }
        for (level, access) in levels {
            for (name, path) in Limits.ofTokens where access.limits[keyPath: path] ?? 0 > 0 {
                guard !isAnybodyNamed(at: level, path) else { continue }
                report.warn(level.key("limits.\(name)"), "has no effect: without auth there are no tokens")
            }
        }
    }

    /// Whether a limit said at a level holds for a route with credentials.
    private func isAnybodyNamed(at level: Access.Level, _ path: KeyPath<Limits, Int?>) -> Bool {
        listeners.indices.contains { listener in
            routes.indices.contains { route in
                guard rule(listener: listener, route: route).credentials != nil else { return false }
                switch level {
                case .route(let index): return index == route
                case .listener(let index): return index == listener && routes[route].access.limits[keyPath: path] == nil
                case .top:
                    return routes[route].access.limits[keyPath: path] == nil
                        && listeners[listener].access.limits[keyPath: path] == nil
                }
            }
        }
    }
}

extension Settings.Listener {
    /// Whether what is said here stays on this machine or is encrypted, or comes from a proxy of our own.
    fileprivate var isPrivate: Bool {
        guard tls == nil && !isProxied else { return true }
        switch address {
        case .unix: return true
        case .systemd: return false
        case .tcp(let host, _): return host == "localhost" || host == "::1" || host.hasPrefix("127.")
        }
    }
}
