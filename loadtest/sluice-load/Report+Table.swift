extension Report {
    /// For people.
    var table: String {
        var rows: [(String, String)] = [
            ("run", run),
            ("connections", failed == 0 ? "\(asked)" : "\(asked), of these failed: \(failed)"),
            ("messages sent", planned.map { $0 == sent ? "\(sent)" : "\(sent) of \($0)" } ?? "\(sent)"),
            ("bytes", "\(bytes)"),
            ("seconds", Self.fixed(seconds, 3)),
            ("messages per second", "\(Int(rate.rounded()))"),
            ("CPU of sluice-load", "\(Self.fixed(processorSeconds, 3)) s"),
        ]
        if let worstLag { rows.append(("latest behind its time", "\(Self.fixed(worstLag, 1)) ms")) }
        if heard > 0 { rows.append(("messages heard", "\(heard)")) }
        for failure in failures { rows.append(("  connection \(failure.connection)", failure.reason)) }
        if failed > failures.count { rows.append(("  …", "and \(failed - failures.count) more")) }
        if let verifierFault { rows.append(("verified", "nothing: \(verifierFault)")) }
        if let findings { rows += Self.rows(findings) }
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { "\($0)\(String(repeating: " ", count: width - $0.count))  \($1)\n" }.joined()
    }

    private static func rows(_ findings: VerifyFindings) -> [(String, String)] {
        var rows = [("verified", "\(findings.intact) of \(findings.expected) are in the topic as they were sent")]
        rows.append(("lost", told(findings.lost)))
        rows.append(("repeated", told(findings.repeated)))
        rows.append(("damaged", told(findings.damaged, count: findings.damagedCount)))
        if findings.damagedCount > 0 { rows.append(("  damaged records", findings.damagedPlaces.text)) }
        rows.append(("out of order", told(findings.reordered)))
        if findings.moved.count > 0 { rows.append(("moved too early", told(findings.moved))) }
        if findings.moves > 0 { rows.append(("changes of partition", "\(findings.moves)")) }
        if findings.unexpected > 0 { rows.append(("of no connection", "\(findings.unexpected)")) }
        if findings.foreign > 0 { rows.append(("records of others", "\(findings.foreign)")) }
        if findings.skipped > 0 {
            rows.append(("offsets without record", "\(findings.skipped): perhaps dropped before they could be read"))
        }
        return rows
    }

    private static func told(_ names: LogNames, count: Int? = nil) -> String {
        let count = count ?? names.count
        return names.count == 0 ? "\(count)" : "\(count): \(names.text)"
    }

    /// A number with so many digits behind its point.
    static func fixed(_ value: Double, _ digits: Int) -> String {
        var scale = 1
        for _ in 0..<digits { scale *= 10 }
        let whole = Int((value * Double(scale)).rounded())
        let rest = String(whole % scale)
        return "\(whole / scale).\(String(repeating: "0", count: digits - rest.count))\(rest)"
    }
}
