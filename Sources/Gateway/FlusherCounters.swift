/// What the destination counts, for the metrics.
package struct FlusherCounters: Sendable {
    /// `sluice_reordered_total`.
    package var reordered: UInt64
    /// `sluice_kafka_uncertain_total`.
    package var uncertain: UInt64
    /// Bytes that logs in flight take, what the destination's library needs for each of them included.
    package var inFlightBytes = 0
    /// The bound of these (`max_in_flight`); 0: nobody says.
    package var maxInFlightBytes = 0

    package init(reordered: UInt64 = 0, uncertain: UInt64 = 0) {
        self.reordered = reordered
        self.uncertain = uncertain
    }
}
