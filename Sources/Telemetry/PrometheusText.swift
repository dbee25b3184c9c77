/// Writes Prometheus' text format, version 0.0.4.
package struct PrometheusText: Sendable {
    /// The `Content-Type` of the answer.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private var text = ""

    /// The whole answer.
    package static func text(_ families: [MetricFamily]) -> String {
        var page = PrometheusText()
        for family in families { page.write(family) }
        return page.text
    }

    private mutating func write(_ family: MetricFamily) {
        text += "# HELP \(family.name) \(Self.escaped(family.help, quotes: false))\n"
        text += "# TYPE \(family.name) \(family.kind.rawValue)\n"
        for sample in family.samples {
            switch sample.value {
            case .count(let value): line(family.name, sample.labels, String(value))
            case .signed(let value): line(family.name, sample.labels, String(value))
            case .real(let value): line(family.name, sample.labels, Self.number(value))
            case .histogram(let histogram): write(histogram, family.name, sample.labels)
            }
        }
    }

    private mutating func write(_ histogram: Histogram, _ name: String, _ labels: [MetricFamily.Label]) {
        var below: UInt64 = 0
        for (bound, count) in zip(Histogram.bounds + [.infinity], histogram.counts) {
            below &+= count
            line(name + "_bucket", labels + [.init(name: "le", value: Self.number(bound))], String(below))
        }
        line(name + "_sum", labels, Self.number(histogram.sum))
        line(name + "_count", labels, String(below))
    }

    private mutating func line(_ name: String, _ labels: [MetricFamily.Label], _ value: String) {
        text += name
        if !labels.isEmpty {
            let pairs = labels.map { "\($0.name)=\"\(Self.escaped($0.value, quotes: true))\"" }
            text += "{\(pairs.joined(separator: ","))}"
        }
        text += " \(value)\n"
    }

    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        let text = value.description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// Backslash and line feed; in the value of a label the quotation mark too.
    private static func escaped(_ text: String, quotes: Bool) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\"" where quotes: out += "\\\""
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}
