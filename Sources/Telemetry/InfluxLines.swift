/// Writes InfluxDB's line protocol: a measurement for each family, labels as tags, the number as the field `value`.
///
/// A histogram has a line with `count` and `sum` and, with the tag `le`, one with `bucket` for each bound. Lines carry no
/// time, so that each gets that of the reader's (telegraf's `inputs.http` gives them that of its gathering).
package enum InfluxLines {
    /// The whole answer.
    package static func text(_ families: [MetricFamily]) -> String {
        var text = ""
        for family in families {
            for sample in family.samples { write(sample, of: family.name, to: &text) }
        }
        return text
    }

    private static func write(_ sample: MetricFamily.Sample, of name: String, to text: inout String) {
        switch sample.value {
        case .count(let value): line(name, sample.labels, "value=\(whole(value))", &text)
        case .signed(let value): line(name, sample.labels, "value=\(value)i", &text)
        case .real(let value):
            // The protocol has no word for these; a missing field says that there is no number.
            guard value.isFinite else { return }
            line(name, sample.labels, "value=\(value)", &text)
        case .histogram(let histogram):
            let sum = histogram.sum.isFinite ? ",sum=\(histogram.sum)" : ""
            line(name, sample.labels, "count=\(whole(histogram.total))\(sum)", &text)
            var below: UInt64 = 0
            for (bound, count) in zip(histogram.bounds.map(\.description) + ["+Inf"], histogram.counts) {
                below &+= count
                line(name, sample.labels + [.init(name: "le", value: bound)], "bucket=\(whole(below))", &text)
            }
        }
    }

    private static func line(_ name: String, _ labels: [MetricFamily.Label], _ fields: String, _ text: inout String) {
        text += escaped(name, also: ", ")
        for label in labels {
            let value = escaped(label.value, also: ",= ")
            // A tag without a value is an error there.
            if !value.isEmpty { text += ",\(escaped(label.name, also: ",= "))=\(value)" }
        }
        text += " \(fields)\n"
    }

    /// Integers are signed there.
    private static func whole(_ value: UInt64) -> String { "\(Int64(clamping: value))i" }

    /// As telegraf writes it: a line feed cannot be written, and a backslash at the end would escape what follows.
    private static func escaped(_ text: String, also marks: String) -> String {
        guard text.utf8.contains(where: { $0 <= 32 || $0 == 0x2C || $0 == 0x3D || $0 == 0x5C }) else { return text }
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            case _ where marks.unicodeScalars.contains(scalar):
                out += "\\"
                out.unicodeScalars.append(scalar)
            default: out.unicodeScalars.append(scalar)
            }
        }
        while out.hasSuffix("\\") { out.removeLast() }
        return out
    }
}
