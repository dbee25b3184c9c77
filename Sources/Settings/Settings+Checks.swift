extension Settings {
    /// What no setting can know alone: contradictions are errors, doubtful combinations warnings.
    /// What of these settings does not go together, where they come from more than one place.
    package func contradictions() -> [String] {
        let report = SettingsReport(file: .none)
        check(report)
        return report.sortedErrors.map(\.description)
    }

    /// So many routes there can be: while Sluice runs it keeps every form that one has had, and has room for as many again.
    package static let mostRoutes = 4_096

    func check(_ report: SettingsReport) {
        checkListeners(report)
        if routes.count > Self.mostRoutes {
            report.fail("routes", .invalid("there are \(routes.count) routes; there can be \(Self.mostRoutes)"))
        }
        checkSizes(report)
        checkPings(report)
        checkAccess(report)
        checkDeadLetters(report)
        guard case .kafka(let kafka) = output else {
            if report.isSet("kafka_metrics") { report.warn("kafka_metrics", "has no effect without output.kafka") }
            return
        }
        let key = "output.kafka.required_acks"
        if kafka.requiredAcks != -1 {
            report.warn(key, "\(kafka.requiredAcks) turns idempotence off: logs can be lost or repeated; -1 is safe")
        }
    }

    private func checkListeners(_ report: SettingsReport) {
        var seen: Set<ListenAddress> = []
        for (index, address) in listeners.map(\.address).enumerated() where !Self.isAnyPort(address) {
            if !seen.insert(address).inserted {
                report.fail("listeners[\(index)].address", .contradiction("\(address) is another listener's as well"))
            }
        }
        if let admin, !Self.isAnyPort(admin), seen.contains(admin) {
            report.fail("admin", .contradiction("\(admin) is a listener's address as well"))
        }
    }

    private static func isAnyPort(_ address: ListenAddress) -> Bool {
        switch address {
        case .tcp(_, 0), .systemd(nil): true
        case .tcp, .unix, .systemd: false
        }
    }

    /// Every limit on a log's length: the general one, and those that routes have of their own.
    ///
    /// - Parameter body: whether any log under the limit is relayed.
    private func eachMaxLen(
        _ report: SettingsReport,
        _ body: (_ key: String, _ bytes: Int, _ isRelayed: Bool) -> Void
    ) {
        func isOwn(_ index: Int) -> Bool { report.isSet("routes[\(index)].max_len") }
        body("max_len", maxLen, routes.indices.contains { !isOwn($0) && routes[$0].topic != nil })
        for (index, route) in routes.enumerated() where isOwn(index) {
            body("routes[\(index)].max_len", route.maxLen, route.topic != nil)
        }
    }

    private func checkSizes(_ report: SettingsReport) {
        let record: Int? =
            switch output {
            case .kafka(let kafka): kafka.maxMessageBytes
            case .console: nil
            }
        eachMaxLen(report) { key, bytes, isRelayed in
            func blame(_ key: String, _ other: String, _ why: String) {
                report.fail(report.isSet(key) ? key : other, .contradiction("\(key) (\(bytes) bytes) \(why)"))
            }
            if bytes > maxPartial {
                blame(
                    key,
                    "max_partial",
                    "is more than max_partial (\(maxPartial) bytes), so no such log could become whole"
                )
            } else if bytes > maxInFlight / 2 {
                blame(
                    key,
                    "max_in_flight",
                    "is more than half of max_in_flight (\(maxInFlight) bytes), a topic's share"
                )
            }
            if let record, isRelayed, bytes > record {
                report.warn(
                    key,
                    "\(bytes) bytes are more than output.kafka.max_message_bytes (\(record)): longer records are dropped"
                )
            }
        }
    }

    private func checkDeadLetters(_ report: SettingsReport) {
        let named =
            [("dead_letters", deadLetters)] + routes.enumerated().map { ("routes[\($0)].dead_letters", $1.deadLetters) }
        for (key, letters) in named where report.isSet(key) {
            guard let letters else { continue }
            if case .console = output {
                report.fail(key, .contradiction("needs output.kafka"))
            } else if routes.contains(where: { $0.topic == letters.topic }) {
                let at = report.isSet("\(key).topic") ? "\(key).topic" : key
                report.fail(
                    at,
                    .contradiction("\"\(letters.topic)\" is the topic of a route; dead letters need one of their own")
                )
            }
        }
    }

    private func checkPings(_ report: SettingsReport) {
        guard idleTimeout > .zero else { return }
        var intervals = [("ping_interval", pingInterval)]
        intervals += routes.enumerated().map { ("routes[\($0)].ping_interval", $1.pingInterval) }
            .filter { report.isSet($0.0) }
        for (key, interval) in intervals where interval >= idleTimeout {
            let at = report.isSet(key) ? key : "idle_timeout"
            report.fail(
                at,
                .contradiction("ping_interval (\(interval)) must be shorter than idle_timeout (\(idleTimeout))")
            )
        }
    }
}
