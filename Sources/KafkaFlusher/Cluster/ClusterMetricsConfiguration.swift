/// What is collected about the cluster, and how often: `kafka_metrics` of the configuration file, as plain values.
package struct ClusterMetricsConfiguration: Equatable, Sendable {
    /// Regular expressions: topics in whose names one of them is found are looked at beside those that Sluice writes.
    /// One that does not compile finds nothing.
    package var topics: [String] = []
    /// Regular expressions: consumer groups in whose names one of them is found are looked at.
    package var groups: [String] = [".*"]
    /// From the beginning of one collection to the beginning of the next, milliseconds.
    package var periodMilliseconds = 15_000
    /// For one collection, milliseconds; no more than the period.
    package var timeoutMilliseconds = 10_000
    /// Series of the cluster on a page at most; see `SeriesBound` for what is left out first.
    package var maxSeries = 100_000

    package init() {}
}
