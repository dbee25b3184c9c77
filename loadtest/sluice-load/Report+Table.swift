extension Report {
    private static let quantiles: [(String, Double)] = [
        ("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999), ("p99.99", 0.9999),
    ]

    /// For people.
    var table: String {
        var rows: [(String, String)] = [
            ("run", run), ("url", url),
            ("connections", failed == 0 ? "\(asked)" : "\(asked), of these failed: \(failed)"),
            ("connections per second", "\(Int(openingSeconds > 0 ? Double(asked) / openingSeconds : 0))"),
        ]
        if profile != .idle { rows += sendingRows }
        rows.append(("CPU of sluice-load", "\(Self.fixed(processorSeconds, 3)) s\(processorPerLog)"))
        if outcome.heard > 0 { rows.append(("messages heard", "\(outcome.heard)")) }
        if outcome.answered > 0 { rows.append(("logs answered", "\(outcome.answered)")) }
        for drop in drops { rows.append(("refused: \(drop.reason)", "\(drop.count)")) }
        if outcome.droppedNames.count > 0 { rows.append(("  refused logs", outcome.droppedNames.text)) }
        if outcome.pauses > 0 { rows.append(("pauses", "\(outcome.pauses)")) }
        if outcome.reconnects > 0 { rows.append(("connections made anew", "\(outcome.reconnects)")) }
        for failure in failures { rows.append(("  connection \(failure.connection)", failure.reason)) }
        if failed > failures.count { rows.append(("  …", "and \(failed - failures.count) more")) }
        if let verifierFault { rows.append(("verified", "nothing: \(verifierFault)")) }
        if let findings { rows += Self.rows(findings) }
        return Self.aligned(rows) + latencyTable
    }

    private var sendingRows: [(String, String)] {
        var rows = [
            ("messages sent", planned.map { $0 == sent ? "\(sent)" : "\(sent) of \($0)" } ?? "\(sent)"),
            ("bytes", "\(bytes)"), ("seconds", Self.fixed(seconds, 3)),
            ("messages per second", "\(Int(rate.rounded()))"),
        ]
        if outcome.handed > sent { rows.append(("sent again", "\(outcome.handed - sent)")) }
        return rows
    }

    private var processorPerLog: String {
        guard outcome.handed > 0 else { return "" }
        return ", \(Self.fixed(processorSeconds * 1e6 / Double(outcome.handed), 3)) µs a message"
    }

    private var latencyTable: String {
        let rows = latencies
        guard !rows.isEmpty else { return "" }
        var table = [["latency in ms"] + Self.quantiles.map(\.0) + ["max", "mean"]]
        for row in rows {
            let histogram = row.histogram
            let values =
                Self.quantiles.map { Double(histogram.value(at: $0.1)) }
                + [Double(histogram.maximum), histogram.mean]
            table.append([row.name] + values.map(Self.milliseconds))
        }
        let widths = table[0].indices.map { column in table.map { $0[column].count }.max() ?? 0 }
        let lines = table.map { row in
            row.indices.map { column in
                let space = String(repeating: " ", count: widths[column] - row[column].count)
                return column == 0 ? row[column] + space : space + row[column]
            }.joined(separator: "  ")
        }
        return "\n" + lines.joined(separator: "\n") + "\n"
    }

    /// Three significant digits, as the histogram has them.
    static func milliseconds(_ nanoseconds: Double) -> String {
        let value = nanoseconds / 1e6
        return fixed(value, value < 1 ? 4 : value < 10 ? 3 : value < 100 ? 2 : value < 1_000 ? 1 : 0)
    }

    private static func aligned(_ rows: [(String, String)]) -> String {
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { "\($0)\(String(repeating: " ", count: width - $0.count))  \($1)\n" }.joined()
    }

    private static func rows(_ findings: VerifyFindings) -> [(String, String)] {
        var rows = [("verified", "\(findings.intact) of \(findings.expected) are in the topic as they were sent")]
        rows.append(("lost", told(findings.lost)))
        rows.append(("repeated", told(findings.repeated)))
        if findings.repeatedAgain > 0 { rows.append(("repeated, sent again", "\(findings.repeatedAgain)")) }
        rows.append(("damaged", told(findings.damaged, count: findings.damagedCount)))
        if findings.damagedCount > 0 { rows.append(("  damaged records", findings.damagedPlaces.text)) }
        rows.append(("out of order", told(findings.reordered)))
        if findings.reorderedAgain > 0 { rows.append(("late, sent again", "\(findings.reorderedAgain)")) }
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
        guard digits > 0 else { return "\(whole)" }
        let rest = String(whole % scale)
        return "\(whole / scale).\(String(repeating: "0", count: digits - rest.count))\(rest)"
    }
}
