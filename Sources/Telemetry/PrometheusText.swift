/// Writes Prometheus' text format, version 0.0.4: a family is begun once, its samples follow.
package struct PrometheusText: Sendable {
    package enum Kind: String, Sendable {
        case counter
        case gauge
        case histogram
    }

    /// The `Content-Type` of the answer.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// What was written so far.
    package private(set) var text = ""
    private var family = ""

    package init() {}

    /// Begins a family. Names of counters end in `_total`.
    ///
    /// - Parameter help: one sentence, not empty.
    package mutating func begin(_ name: String, _ kind: Kind, help: String) {
        assert(Self.isName(name) && !help.isEmpty && (kind == .counter) == name.hasSuffix("_total"))
        family = name
        text += "# HELP \(name) \(Self.escaped(help, quotes: false))\n# TYPE \(name) \(kind.rawValue)\n"
    }

    /// A sample of the family begun last.
    package mutating func sample(_ value: some BinaryInteger, labels: KeyValuePairs<String, String> = [:]) {
        line(family, labels.map { ($0.key, $0.value) }, String(value))
    }

    /// A sample of the family begun last; the number as short as it can be without loss.
    package mutating func sample(_ value: Double, labels: KeyValuePairs<String, String> = [:]) {
        line(family, labels.map { ($0.key, $0.value) }, Self.number(value))
    }

    /// The `_bucket`, `_sum` and `_count` lines of a histogram, of the family begun last.
    package mutating func sample(_ histogram: Histogram, labels: KeyValuePairs<String, String> = [:]) {
        let labels = labels.map { ($0.key, $0.value) }
        var below: UInt64 = 0
        for (bound, count) in zip(Histogram.bounds + [.infinity], histogram.counts) {
            below &+= count
            line(family + "_bucket", labels + [("le", Self.number(bound))], String(below))
        }
        line(family + "_sum", labels, Self.number(histogram.sum))
        line(family + "_count", labels, String(below))
    }

    private mutating func line(_ name: String, _ labels: [(String, String)], _ value: String) {
        assert(!family.isEmpty && labels.allSatisfy { Self.isName($0.0) })
        text += name
        if !labels.isEmpty {
            let pairs = labels.map { "\($0.0)=\"\(Self.escaped($0.1, quotes: true))\"" }
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

    private static func isName(_ name: String) -> Bool {
        guard let first = name.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
            return false
        }
        return name.allSatisfy { $0 == "_" || ($0.isASCII && ($0.isLetter || $0.isNumber)) }
    }
}
