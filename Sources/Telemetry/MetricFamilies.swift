/// Families in the order in which they were begun.
package struct MetricFamilies: Equatable, Sendable {
    package private(set) var all: [MetricFamily] = []

    package init() {}

    /// Begins a family; the samples that follow are its own.
    ///
    /// - Parameter help: one sentence, not empty.
    package mutating func begin(_ name: String, _ kind: MetricFamily.Kind, help: String) {
        all.append(MetricFamily(name, kind, help: help))
    }

    /// A sample of the family begun last.
    package mutating func sample(_ value: some BinaryInteger, labels: KeyValuePairs<String, String> = [:]) {
        all[all.count - 1].sample(value, labels: labels)
    }

    /// A sample of the family begun last.
    package mutating func sample(_ value: Double, labels: KeyValuePairs<String, String> = [:]) {
        all[all.count - 1].sample(value, labels: labels)
    }

    /// A sample of the family begun last.
    package mutating func sample(_ value: Histogram, labels: KeyValuePairs<String, String> = [:]) {
        all[all.count - 1].sample(value, labels: labels)
    }

    package mutating func append(_ families: [MetricFamily]) { all += families }
}
