extension Report {
    /// For machines: one object on one line.
    var json: String {
        var members: [(String, String)] = [
            ("run", Self.quoted(run)), ("clean", "\(isClean)"), ("connections", "\(asked)"), ("failed", "\(failed)"),
            ("planned", planned.map { "\($0)" } ?? "null"), ("sent", "\(sent)"), ("bytes", "\(bytes)"),
            ("heard", "\(heard)"), ("seconds", Self.fixed(seconds, 6)), ("rate", Self.fixed(rate, 1)),
            ("cpu_seconds", Self.fixed(processorSeconds, 6)),
            ("worst_lag_ms", worstLag.map { Self.fixed($0, 3) } ?? "null"),
        ]
        let failures = failures.map {
            Self.object([("connection", "\($0.connection)"), ("reason", Self.quoted($0.reason))])
        }
        members.append(("failures", "[\(failures.joined(separator: ","))]"))
        members.append(("verify_error", verifierFault.map(Self.quoted) ?? "null"))
        members.append(("verified", findings.map(Self.object) ?? "null"))
        return Self.object(members) + "\n"
    }

    private static func object(_ findings: VerifyFindings) -> String {
        object([
            ("expected", "\(findings.expected)"), ("intact", "\(findings.intact)"), ("lost", object(findings.lost)),
            ("repeated", object(findings.repeated)), ("damaged", object(findings.damaged)),
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
        "{" + members.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
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
