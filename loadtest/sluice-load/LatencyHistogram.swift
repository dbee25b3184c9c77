/// How often which time was measured: buckets that are linear within each power of two, as in HdrHistogram.
///
/// With 10 bits of precision a bucket is less than a thousandth of its values wide, so that every percentile has three
/// significant digits, from nanoseconds to centuries. A plain value; those of several threads are merged.
struct LatencyHistogram: Equatable, Sendable {
    struct Bucket: Equatable {
        /// The lowest and highest value that it counts.
        let range: ClosedRange<UInt64>
        let count: UInt64
    }

    /// Three significant digits.
    static let fine = 10

    private let precision: Int
    private var counts: [UInt64] = []
    /// How many values were recorded.
    private(set) var total: UInt64 = 0
    /// 0 where nothing was recorded.
    private(set) var maximum: UInt64 = 0
    private(set) var minimum: UInt64 = .max
    private var sum = 0.0

    /// - Parameter precision: bits, 1 to 16; a bucket is `1 / 2^precision` of its values wide at most.
    init(precision: Int = fine) {
        precondition((1...16).contains(precision), "\(precision) bits of precision")
        self.precision = precision
    }

    var isEmpty: Bool { total == 0 }

    /// 0 where nothing was recorded.
    var mean: Double { total == 0 ? 0 : sum / Double(total) }

    mutating func record(_ value: UInt64, count: Int = 1) {
        guard count > 0 else { return }
        let index = index(of: value)
        if index >= counts.count { counts += repeatElement(0, count: index + 1 - counts.count) }
        counts[index] += UInt64(count)
        total += UInt64(count)
        maximum = max(maximum, value)
        minimum = min(minimum, value)
        sum += Double(value) * Double(count)
    }

    /// - Precondition: both have the same precision.
    mutating func merge(_ other: LatencyHistogram) {
        precondition(precision == other.precision, "histograms of different precision")
        if other.counts.count > counts.count {
            counts += repeatElement(0, count: other.counts.count - counts.count)
        }
        for index in other.counts.indices { counts[index] += other.counts[index] }
        total += other.total
        maximum = max(maximum, other.maximum)
        minimum = min(minimum, other.minimum)
        sum += other.sum
    }

    /// The value that so large a part of all values is at or below: the highest that its bucket may stand for.
    ///
    /// - Parameter quantile: 0 to 1.
    func value(at quantile: Double) -> UInt64 {
        guard total > 0 else { return 0 }
        let wanted = max(1, min(total, UInt64((quantile * Double(total)).rounded(.up))))
        var seen: UInt64 = 0
        for index in counts.indices {
            seen += counts[index]
            if seen >= wanted { return min(maximum, range(of: index).upperBound) }
        }
        return maximum
    }

    /// Those that hold anything, lowest first.
    var buckets: [Bucket] {
        counts.indices.compactMap { index in
            counts[index] == 0 ? nil : Bucket(range: range(of: index), count: counts[index])
        }
    }

    private func index(of value: UInt64) -> Int {
        let shift = max(0, 63 - (value | 1).leadingZeroBitCount - precision)
        return shift << precision + Int(value >> UInt64(shift))
    }

    private func range(of index: Int) -> ClosedRange<UInt64> {
        let shift = max(0, index >> precision - 1)
        let lower = UInt64(index - shift << precision) << UInt64(shift)
        return lower...(lower + (1 << UInt64(shift) - 1))
    }
}
