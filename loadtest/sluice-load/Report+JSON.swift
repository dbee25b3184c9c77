extension Report {
    /// For machines: one object on one line.
    var json: String {
        var members: [(String, String)] = [
            ("run", Self.quoted(run)), ("url", Self.quoted(url)), ("profile", Self.quoted(profile.rawValue)),
            ("clean", "\(isClean)"), ("connections", "\(asked)"), ("failed", "\(failed)"),
            ("connect_seconds", Self.fixed(openingSeconds, 6)), ("planned", planned.map { "\($0)" } ?? "null"),
            ("sent", "\(sent)"), ("sent_again", "\(max(0, outcome.handed - sent))"), ("bytes", "\(bytes)"),
            ("heard", "\(outcome.heard)"), ("answered", "\(outcome.answered)"),
            ("reconnects", "\(outcome.reconnects)"), ("pauses", "\(outcome.pauses)"),
            ("seconds", Self.fixed(seconds, 6)), ("rate", Self.fixed(rate, 1)),
            ("wanted_rate", "\(wantedRate)"), ("cpu_seconds", Self.fixed(processorSeconds, 6)),
        ]
        members.append(("latency_ms", Self.object(latencies.map { ($0.key, Self.object($0.histogram)) })))
        members.append(("refused", Self.object(drops.map { ($0.reason, "\($0.count)") })))
        let failures = failures.map {
            Self.object([("connection", "\($0.connection)"), ("reason", Self.quoted($0.reason))])
        }
        members.append(("failures", "[\(failures.joined(separator: ","))]"))
        members.append(("verify_error", verifierFault.map(Self.quoted) ?? "null"))
        members.append(("verified", findings.map(Self.object) ?? "null"))
        return Self.object(members) + "\n"
    }

    private static func object(_ histogram: LatencyHistogram) -> String {
        func milliseconds(_ value: Double) -> String { fixed(value / 1e6, 6) }
        let quantiles = [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p999", 0.999), ("p9999", 0.9999)]
        return object(
            [("count", "\(histogram.total)")]
                + quantiles.map { ($0.0, milliseconds(Double(histogram.value(at: $0.1)))) }
                + [("max", milliseconds(Double(histogram.maximum))), ("mean", milliseconds(histogram.mean))]
        )
    }

    private static func object(_ findings: VerifyFindings) -> String {
        object([
            ("expected", "\(findings.expected)"), ("intact", "\(findings.intact)"), ("lost", object(findings.lost)),
            ("repeated", object(findings.repeated)), ("repeated_sent_again", "\(findings.repeatedAgain)"),
            ("damaged", object(findings.damaged)),
            ("damaged_records", "\(findings.damagedCount)"), ("reordered", object(findings.reordered)),
            ("moved_too_early", object(findings.moved)), ("partition_changes", "\(findings.moves)"),
            ("unexpected", "\(findings.unexpected)"), ("foreign", "\(findings.foreign)"),
            ("skipped_offsets", "\(findings.skipped)"),
        ])
    }

    private static func object(_ names: LogNames) -> String {
        let first = names.first.map { "[\($0.connection),\($0.first),\($0.last)]" }.joined(separator: ",")
        return object([("count", "\(names.count)"), ("first", "[\(first)]")])
    }

    private static func object(_ members: [(String, String)]) -> String {
        "{" + members.map { "\(quoted($0.0)):\($0.1)" }.joined(separator: ",") + "}"
    }

    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
