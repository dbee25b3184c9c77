/// How often a time fell below each of some bounds, as Prometheus counts it. A plain value: each loop has its own,
/// and whoever is asked merges them.
package struct Histogram: Equatable, Sendable {
    /// Upper bounds in seconds, from 1 ms to 60 s.
    package static let bounds: [Double] = [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
    ]

    /// How many were at or below each bound and above the one before; the last: above all bounds.
    package private(set) var counts = [UInt64](repeating: 0, count: bounds.count + 1)
    /// Seconds, all together.
    package private(set) var sum: Double = 0

    package init() {}

    /// How many in all.
    package var total: UInt64 { counts.reduce(0, &+) }

    /// - Parameters:
    ///   - seconds: what was measured; less than zero counts as zero.
    ///   - count: how many took that long.
    package mutating func observe(_ seconds: Double, count: Int = 1) {
        guard count > 0 else { return }
        let seconds = max(0, seconds)
        var index = 0
        while index < Self.bounds.count && seconds > Self.bounds[index] { index += 1 }
        counts[index] &+= UInt64(count)
        sum += seconds * Double(count)
    }

    package mutating func merge(_ other: Histogram) {
        for index in counts.indices { counts[index] &+= other.counts[index] }
        sum += other.sum
    }
}
