/// A metric with its samples, in no format yet: Prometheus, OpenMetrics and Influx each write it their own way.
package struct MetricFamily: Equatable, Sendable {
    package enum Kind: String, Sendable {
        case counter
        case gauge
        case histogram
        /// A number of which nobody says how it behaves.
        case untyped
    }

    package struct Label: Equatable, Sendable {
        package let name: String
        package let value: String
    }

    package enum Value: Equatable, Sendable {
        case count(UInt64)
        case signed(Int64)
        case real(Double)
        case histogram(Histogram)
    }

    package struct Sample: Equatable, Sendable {
        package let labels: [Label]
        package let value: Value
    }

    package let name: String
    package let kind: Kind
    /// One sentence, not empty.
    package let help: String
    package var samples: [Sample] = []

    /// - Parameter name: those of counters end in `_total`, those of nothing else do.
    package init(_ name: String, _ kind: Kind, help: String) {
        assert(Self.isName(name) && !help.isEmpty)
        assert(kind == .untyped || (kind == .counter) == name.hasSuffix("_total"))
        self.name = name
        self.kind = kind
        self.help = help
    }

    package mutating func sample(_ value: Value, labels: KeyValuePairs<String, String> = [:]) {
        assert(labels.allSatisfy { Self.isName($0.key) })
        samples.append(Sample(labels: labels.map { Label(name: $0.key, value: $0.value) }, value: value))
    }

    package mutating func sample(_ value: some BinaryInteger, labels: KeyValuePairs<String, String> = [:]) {
        sample(value < 0 ? .signed(Int64(clamping: value)) : .count(UInt64(clamping: value)), labels: labels)
    }

    package mutating func sample(_ value: Double, labels: KeyValuePairs<String, String> = [:]) {
        sample(.real(value), labels: labels)
    }

    package mutating func sample(_ value: Histogram, labels: KeyValuePairs<String, String> = [:]) {
        sample(.histogram(value), labels: labels)
    }

    private static func isName(_ name: String) -> Bool {
        guard let first = name.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
            return false
        }
        return name.allSatisfy { $0 == "_" || ($0.isASCII && ($0.isLetter || $0.isNumber)) }
    }
}
