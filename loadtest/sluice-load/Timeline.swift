/// What happened when: throughput and latency in slices of equal length, so many at most whatever the run's length.
struct Timeline: Equatable, Sendable {
    struct Slice: Equatable, Sendable {
        var sent = 0
        var answered = 0
        /// Of what was measured in it, coarse: 1/16.
        var latency = LatencyHistogram(precision: 4)
    }

    /// With more the slices become twice as long.
    static let limit = 300

    /// Nanoseconds of a slice.
    private(set) var width: UInt64 = 100_000_000
    private(set) var slices: [Slice] = []

    /// - Parameter time: nanoseconds since sending began.
    mutating func addSent(_ count: Int, at time: UInt64) { slices[index(time)].sent += count }

    mutating func addAnswered(_ count: Int, at time: UInt64) { slices[index(time)].answered += count }

    mutating func addLatency(_ latency: UInt64, count: Int, at time: UInt64) {
        slices[index(time)].latency.record(latency, count: count)
    }

    mutating func merge(_ other: Timeline) {
        var other = other
        while other.width < width { other.widen() }
        while width < other.width { widen() }
        while slices.count < other.slices.count { slices.append(Slice()) }
        for (index, slice) in other.slices.enumerated() { add(slice, at: index) }
    }

    private mutating func index(_ time: UInt64) -> Int {
        while time / width >= Self.limit { widen() }
        let index = Int(time / width)
        while slices.count <= index { slices.append(Slice()) }
        return index
    }

    private mutating func widen() {
        let narrow = slices
        slices = Array(repeating: Slice(), count: (narrow.count + 1) / 2)
        width *= 2
        for (index, slice) in narrow.enumerated() { add(slice, at: index / 2) }
    }

    private mutating func add(_ slice: Slice, at index: Int) {
        slices[index].sent += slice.sent
        slices[index].answered += slice.answered
        slices[index].latency.merge(slice.latency)
    }
}
