/// What the destination counts, for the metrics.
package struct FlusherCounters: Sendable {
    /// `sluice_reordered_total`.
    package var reordered: UInt64
    /// `sluice_kafka_uncertain_total`.
    package var uncertain: UInt64

    package init(reordered: UInt64 = 0, uncertain: UInt64 = 0) {
        self.reordered = reordered
        self.uncertain = uncertain
    }
}
