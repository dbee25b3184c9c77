/// What is not drawn.
extension ReportPage {
    var latencyTable: String {
        let rows = report.latencies
        guard !rows.isEmpty else { return "" }
        let quantiles: [(String, Double)] = [
            ("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999), ("p99.99", 0.9999),
        ]
        let heads = ["latency in ms", "count"] + quantiles.map(\.0) + ["max", "mean"]
        let lines = rows.map { row -> [String] in
            let values = quantiles.map { Double(row.histogram.value(at: $0.1)) }
            let numbers = values + [Double(row.histogram.maximum), row.histogram.mean]
            return [row.name, HTMLText.grouped(Int(row.histogram.total))] + numbers.map(Report.milliseconds)
        }
        return Self.table(heads, lines)
    }

    var findingsTable: String {
        guard let findings = report.findings else {
            return report.verifierFault.map { "<p class=\"bad\">Nothing was verified: \(HTMLText.escaped($0))</p>" }
                ?? ""
        }
        let named: [(String, Int, String)] = [
            ("lost", findings.lost.count, findings.lost.text),
            ("repeated", findings.repeated.count, findings.repeated.text),
            ("damaged", findings.damagedCount, findings.damaged.text),
            ("out of order", findings.reordered.count, findings.reordered.text),
            ("moved too early", findings.moved.count, findings.moved.text),
            ("of no connection", findings.unexpected, ""), ("records of others", findings.foreign, ""),
            ("offsets without record", Int(findings.skipped), ""),
            ("repeated, sent again", findings.repeatedAgain, ""), ("late, sent again", findings.reorderedAgain, ""),
        ]
        let always = 4
        let rows = named.enumerated().filter { $0.offset < always || $0.element.1 > 0 }
            .map { [$0.element.0, HTMLText.grouped($0.element.1), $0.element.2] }
        let intact = "\(HTMLText.grouped(findings.intact)) of \(HTMLText.grouped(findings.expected))"
        return Self.table(["in the topic", "logs", "which"], [["as they were sent", intact, ""]] + rows)
    }

    var failureTable: String {
        var rows = report.failures.map { ["connection \($0.connection)", $0.reason] }
        if report.failed > report.failures.count {
            rows.append(["…", "and \(report.failed - report.failures.count) more"])
        }
        rows += report.drops.map { ["refused: \($0.reason)", HTMLText.grouped($0.count)] }
        return rows.isEmpty ? "" : Self.table(["what went wrong", ""], rows)
    }

    private static func table(_ heads: [String], _ rows: [[String]]) -> String {
        let head = heads.map { "<th>\(HTMLText.escaped($0))</th>" }.joined()
        let body = rows.map { row in
            "<tr>\(row.map { "<td>\(HTMLText.escaped($0))</td>" }.joined())</tr>"
        }
        return "<div class=\"scroll\"><table><tr>\(head)</tr>\n\(body.joined(separator: "\n"))</table></div>\n"
    }

    static let style = """
        :root{color-scheme:light dark;--paper:#fbfbfa;--card:#fff;--ink:#1d2430;--soft:#667085;--line:#e3e5e9;\
        --c1:#2563b0;--c2:#c2570c;--c3:#7a8699;--c4:#1a7f5a;--c5:#8a3fa0;--good:#17694a;--bad:#b3261e}
        @media(prefers-color-scheme:dark){:root{--paper:#14171c;--card:#1b1f26;--ink:#e6e9ee;--soft:#98a2b3;\
        --line:#2c323c;--c1:#6ea8fe;--c2:#f2994a;--c3:#7d8898;--c4:#4cc38a;--c5:#c58af9;--good:#4cc38a;--bad:#ff8a80}}
        *{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);\
        font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
        main{max-width:800px;margin:0 auto;padding:32px 20px}
        h1{font-size:22px;margin:0;overflow-wrap:anywhere}header p{margin:4px 0;color:var(--soft)}
        pre{margin:8px 0 0;padding:10px 12px;background:var(--card);border:1px solid var(--line);border-radius:6px;\
        font-size:12px;white-space:pre-wrap;overflow-wrap:anywhere}
        .good,.bad{font-weight:600;margin:16px 0}.good{color:var(--good)}.bad{color:var(--bad)}
        .tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(170px,1fr));gap:10px;margin:16px 0}
        .tiles div{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:10px 14px}
        .tiles b{display:block;font-size:22px;font-variant-numeric:tabular-nums}
        .tiles span{color:var(--soft);font-size:13px}
        figure{margin:16px 0;background:var(--card);border:1px solid var(--line);border-radius:8px;padding:12px 14px}
        figcaption{display:flex;flex-wrap:wrap;gap:4px 14px;align-items:baseline}
        .unit{color:var(--soft);font-size:13px}.legend{margin-left:auto;font-size:13px;display:flex;flex-wrap:wrap;gap:0 14px}
        .legend i{display:inline-block;width:14px;height:3px;margin-right:6px;vertical-align:middle}
        i.c1{background:var(--c1)}i.c2{background:var(--c2)}i.c3{background:var(--c3)}i.c4{background:var(--c4)}\
        i.c5{background:var(--c5)}
        svg{display:block;width:100%;height:auto}polyline{fill:none;stroke-width:1.8;stroke-linejoin:round}
        polyline.c1{stroke:var(--c1)}polyline.c2{stroke:var(--c2)}polyline.c3{stroke:var(--c3)}\
        polyline.c4{stroke:var(--c4)}polyline.c5{stroke:var(--c5)}
        .grid{stroke:var(--line)}.tick{stroke:var(--soft)}svg text{fill:var(--soft);font-size:11.5px}
        .up{text-anchor:end;dominant-baseline:middle}.across{text-anchor:middle}.name{text-anchor:end}
        .scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;margin:16px 0;\
        font-variant-numeric:tabular-nums}
        th,td{text-align:right;padding:5px 8px;border-bottom:1px solid var(--line);vertical-align:top}
        th{color:var(--soft);font-weight:500;font-size:13px}th:first-child,td:first-child,td:last-child:nth-child(-n+3){\
        text-align:left}
        footer{color:var(--soft);font-size:13px;margin-top:20px}
        """
}
