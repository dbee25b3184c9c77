/// How often a number fell below each of some bounds, as Prometheus counts it. A plain value: each loop has its own,
/// and whoever is asked merges them.
package struct Histogram: Equatable, Sendable {
    /// Seconds, from 1 ms to 60 s: how long something takes that crosses a network and a disk.
    package static let latency: [Double] = [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
    ]
    /// Seconds, from 100 µs to 2.5 s: how long one turn of an event loop takes.
    package static let turns: [Double] = [
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5,
    ]
    /// How many of something go together, from 1 to 5,000.
    package static let sizes: [Double] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000]

    /// Upper bounds, rising.
    package let bounds: [Double]
    /// How many were at or below each bound and above the one before; the last: above all bounds.
    package private(set) var counts: [UInt64]
    /// All together.
    package private(set) var sum: Double = 0

    /// - Parameter bounds: one of those above.
    package init(_ bounds: [Double] = latency) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    /// How many in all.
    package var total: UInt64 { counts.reduce(0, &+) }

    /// - Parameters:
    ///   - number: what was measured; less than zero counts as zero.
    ///   - count: how often.
    package mutating func observe(_ number: Double, count: Int = 1) {
        guard count > 0 else { return }
        let number = max(0, number)
        var index = 0
        while index < bounds.count && number > bounds[index] { index += 1 }
        counts[index] &+= UInt64(count)
        sum += number * Double(count)
    }

    /// - Precondition: of the same bounds.
    package mutating func merge(_ other: Histogram) {
        precondition(bounds.count == other.bounds.count, "histograms of different bounds were merged")
        for index in counts.indices { counts[index] &+= other.counts[index] }
        sum += other.sum
    }
}
