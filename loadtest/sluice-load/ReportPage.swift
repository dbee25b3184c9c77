/// The result as one page that needs nothing beside it: what was asked, what came of it, charts, and what was found.
struct ReportPage {
    let report: Report
    /// The command line, without what may be secret.
    let command: String

    var html: String {
        """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>sluice-load \(report.run)</title>
        <style>\(Self.style)</style></head><body><main>
        <header><h1>\(HTMLText.escaped(report.url))</h1>
        <p>\(HTMLText.escaped(what))</p><pre>\(HTMLText.escaped(command))</pre></header>
        \(verdict)
        <section class="tiles">\(tiles.map(Self.tile).joined())</section>
        \(charts.map(\.html).joined())
        \(latencyTable)
        \(findingsTable)
        \(failureTable)
        <footer>run \(report.run) · sluice-load took \(Report.fixed(report.processorSeconds, 2)) s of CPU</footer>
        </main></body></html>

        """
    }

    private var what: String {
        let rate =
            report.wantedRate == 0 ? "closed loop" : "open loop, \(HTMLText.grouped(report.wantedRate)) messages/s"
        let connections = "\(HTMLText.grouped(report.asked)) connection\(report.asked == 1 ? "" : "s")"
        return "\(connections), profile \(report.profile.rawValue), \(report.profile == .idle ? "silent" : rate)"
    }

    private var verdict: String {
        if report.isClean {
            let verified = report.findings == nil ? "" : ": every log is in the topic, once, whole and in order"
            return "<p class=\"good\">No findings\(verified).</p>"
        }
        return "<p class=\"bad\">There are findings; see below.</p>"
    }

    private static func tile(_ tile: (String, String)) -> String {
        "<div><b>\(HTMLText.escaped(tile.1))</b><span>\(HTMLText.escaped(tile.0))</span></div>"
    }

    private var tiles: [(String, String)] {
        var tiles: [(String, String)] = []
        if report.profile != .idle {
            tiles.append(("messages sent", HTMLText.grouped(report.sent)))
            tiles.append(("messages per second", HTMLText.grouped(Int(report.rate.rounded()))))
            tiles.append(("MB per second", Report.fixed(Double(report.bytes) / 1e6 / max(report.seconds, 1e-9), 1)))
            tiles.append(("seconds", Report.fixed(report.seconds, 2)))
        }
        if let main = mainLatency {
            tiles.append(("ms p50, \(main.name)", Report.milliseconds(Double(main.histogram.value(at: 0.5)))))
            tiles.append(("ms p99, \(main.name)", Report.milliseconds(Double(main.histogram.value(at: 0.99)))))
        }
        if report.openingSeconds > 0 {
            let rate = Int((Double(report.asked) / report.openingSeconds).rounded())
            tiles.append(("connections per second", HTMLText.grouped(rate)))
        }
        if let findings = report.findings {
            tiles.append(("of \(HTMLText.grouped(findings.expected)) verified", HTMLText.grouped(findings.intact)))
        }
        return tiles
    }

    /// What the run is about: answers, else the topic, else when messages could be sent, else connecting.
    private var mainLatency: (name: String, key: String, histogram: LatencyHistogram)? {
        let all = report.latencies
        for key in ["echo", "ack", "topic", "write", "connect"] {
            if let found = all.first(where: { $0.key == key }) { return found }
        }
        return nil
    }

    private var charts: [Chart] { [throughput, latencyOverTime, distribution].compactMap(\.self) }

    private var throughput: Chart? {
        let timeline = report.outcome.timeline
        guard timeline.slices.count > 1 else { return nil }
        let width = Double(timeline.width) / 1e9
        let points = timeline.slices.enumerated().map {
            (x: Double($0.offset) * width, y: Double($0.element.sent) / width)
        }
        var series = [Chart.Series(name: "sent", colour: 1, points: points)]
        if report.outcome.answered > 0 {
            let answered = timeline.slices.enumerated()
                .map { (x: Double($0.offset) * width, y: Double($0.element.answered) / width) }
            series.append(Chart.Series(name: "answered", colour: 2, points: answered))
        }
        let highest = series.flatMap(\.points).map(\.y).max() ?? 0
        return Chart(
            title: "Throughput",
            across: .time(upTo: Double(timeline.slices.count - 1) * width),
            acrossUnit: "seconds since sending began",
            up: .linear(upTo: highest),
            upUnit: "messages per second",
            series: series
        )
    }

    private var latencyOverTime: Chart? {
        let timeline = report.outcome.timeline
        let width = Double(timeline.width) / 1e9
        let slices = timeline.slices.enumerated().filter { !$0.element.latency.isEmpty }
        guard slices.count > 1, report.wantedRate > 0 || report.outcome.answered > 0 else { return nil }
        func series(_ name: String, _ colour: Int, _ value: (LatencyHistogram) -> UInt64) -> Chart.Series {
            let points = slices.map { slice in
                (x: Double(slice.offset) * width, y: max(1e-3, Double(value(slice.element.latency)) / 1e6))
            }
            return Chart.Series(name: name, colour: colour, points: points)
        }
        let all = [
            series("p50", 1) { $0.value(at: 0.5) }, series("p99", 2) { $0.value(at: 0.99) },
            series("max", 3) { $0.maximum },
        ]
        let values = all.flatMap(\.points).map(\.y)
        let kind = report.latencies.first { $0.key != "write" && $0.key != "connect" && $0.key != "topic" }
        return Chart(
            title: "Latency over time, \(kind?.name ?? "due to handed over")",
            across: .time(upTo: Double(timeline.slices.count - 1) * width),
            acrossUnit: "seconds since sending began",
            up: .logarithmic(values.min() ?? 0, values.max() ?? 1),
            upUnit: "ms",
            series: all
        )
    }

    private var distribution: Chart? {
        let all = report.latencies
        guard let largest = all.map(\.histogram.total).max(), largest > 1 else { return nil }
        let end = min(0.999999, 1 - 1 / Double(largest))
        let series = all.enumerated().map { index, latency in
            let points = Self.steps.filter { $0 <= 1 - 1 / Double(latency.histogram.total) || $0 == 0 }
                .map { (x: $0, y: max(1e-3, Double(latency.histogram.value(at: $0)) / 1e6)) }
            return Chart.Series(name: latency.name, colour: index + 1, points: points)
        }
        let values = series.flatMap(\.points).map(\.y)
        return Chart(
            title: "Latency distribution",
            across: .rarity(upTo: end),
            acrossUnit: "percentile",
            up: .logarithmic(values.min() ?? 0, values.max() ?? 1),
            upUnit: "ms",
            series: series
        )
    }

    /// Percentiles that the distribution is drawn at: 40 for each tenth part of what is left.
    private static let steps: [Double] = (0...240).map { 1 - 1 / Self.power(Double($0) / 40) }

    private static func power(_ exponent: Double) -> Double {
        var value = 1.0
        for _ in 0..<Int(exponent) { value *= 10 }
        return value * (1 + 9 * (exponent - exponent.rounded(.down)))
    }
}
