/// The lines of samples, which Prometheus' text and OpenMetrics have in common, and what they write differently.
struct ExpositionLines {
    /// How a whole number looks that is no count: Prometheus writes `1`, OpenMetrics `1.0`.
    let isCanonical: Bool
    private(set) var text = ""

    init(isCanonical: Bool) { self.isCanonical = isCanonical }

    mutating func write(_ line: String) {
        text += line
        text += "\n"
    }

    /// - Parameter name: of a counter with its `_total`.
    mutating func samples(of family: MetricFamily, named name: String) {
        for sample in family.samples {
            switch sample.value {
            case .count(let value): line(name, sample.labels, String(value))
            case .signed(let value): line(name, sample.labels, String(value))
            case .real(let value): line(name, sample.labels, number(value))
            case .histogram(let histogram): write(histogram, name, sample.labels)
            }
        }
    }

    private mutating func write(_ histogram: Histogram, _ name: String, _ labels: [MetricFamily.Label]) {
        var below: UInt64 = 0
        for (bound, count) in zip(histogram.bounds + [.infinity], histogram.counts) {
            below &+= count
            line(name + "_bucket", labels + [.init(name: "le", value: number(bound))], String(below))
        }
        line(name + "_sum", labels, number(histogram.sum))
        line(name + "_count", labels, String(below))
    }

    private mutating func line(_ name: String, _ labels: [MetricFamily.Label], _ value: String) {
        text += name
        if !labels.isEmpty {
            var separator = "{"
            for label in labels {
                text += "\(separator)\(label.name)=\"\(Self.escaped(label.value, quotes: true))\""
                separator = ","
            }
            text += "}"
        }
        text += " \(value)\n"
    }

    private func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        let text = value.description
        return !isCanonical && text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// Backslash and line feed, and the quotation mark where one stands around the text.
    static func escaped(_ text: String, quotes: Bool) -> String {
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "\\") || $0 == 10 || $0 == UInt8(ascii: "\"") }) else {
            return text
        }
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
