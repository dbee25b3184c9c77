/// How families are written for who asks.
package enum MetricsFormat: String, Equatable, Sendable, CaseIterable {
    /// Prometheus' text, version 0.0.4.
    case prometheus
    /// OpenMetrics' text, version 1.0.0.
    case openMetrics = "openmetrics"
    /// InfluxDB's line protocol.
    case influx

    /// The `Content-Type` of the answer.
    package var contentType: String {
        switch self {
        case .prometheus: "text/plain; version=0.0.4; charset=utf-8"
        case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
        case .influx: "text/plain; charset=utf-8"
        }
    }

    /// The whole answer.
    ///
    /// - Parameter more: `lines` of families that are in none of the others, written before.
    package func text(_ families: [MetricFamily], and more: String = "") -> String {
        lines(families) + more + (self == .openMetrics ? OpenMetricsText.end : "")
    }

    /// A part of an answer.
    package func lines(_ families: [MetricFamily]) -> String {
        switch self {
        case .prometheus: PrometheusText.text(families)
        case .openMetrics: OpenMetricsText.lines(families)
        case .influx: InfluxLines.text(families)
        }
    }

    /// What a scraper prefers (RFC 9110 section 12.5.1): OpenMetrics where it is asked for by name and nothing else is
    /// wanted more, Prometheus' text everywhere else, as that is what everybody reads.
    ///
    /// - Parameter accept: the members of the header `Accept`; none where there is no such header.
    package static func preferred(accept: [String]) -> MetricsFormat {
        var openMetrics = 0.0
        var text = 0.0
        for member in accept {
            let range = MediaRange(member)
            switch range.type {
            // Of its two versions this is the second; who knows only the first, 0.0.1, is given what is older still.
            case "application/openmetrics-text" where range.version == nil || range.version == "1.0.0":
                openMetrics = max(openMetrics, range.quality)
            case "text/plain": text = max(text, range.quality)
            default: break
            }
        }
        return openMetrics > 0 && openMetrics >= text ? .openMetrics : .prometheus
    }
}

/// A member of `Accept`: `text/plain;version=0.0.4;q=0.5`.
private struct MediaRange {
    let type: String
    var version: String?
    var quality = 1.0

    init(_ text: String) {
        let parts = text.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" && $0 != "\"" }.lowercased() }
        type = parts.first ?? ""
        for part in parts.dropFirst() {
            if part.hasPrefix("version=") { version = String(part.dropFirst(8)) }
            if part.hasPrefix("q=") { quality = Double(part.dropFirst(2)) ?? 0 }
        }
    }
}
