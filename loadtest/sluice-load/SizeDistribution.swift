internal import Glibc

/// How long the logs are, as `--size` says it.
enum SizeDistribution: Equatable, Sendable {
    case fixed(Int)
    /// Every length in between is as likely.
    case uniform(ClosedRange<Int>)
    /// Many short ones, few long ones, with this mean.
    case exponential(mean: Int)
    /// Log-normal: half of the logs are at most as long as `median`, 99 of 100 at most as long as `high`.
    case logNormal(median: Int, high: Int)

    /// Bytes that a log may have.
    static let bounds = LogForm.minSize...(16 << 20)

    /// `200`, `100-2000`, `exp:200` or `p50=200,p99=16384`.
    init?(_ text: String) {
        if let size = Self.size(text) {
            self = .fixed(size)
        } else if text.hasPrefix("exp:"), let mean = Self.size(text.dropFirst(4)) {
            self = .exponential(mean: mean)
        } else if text.hasPrefix("p50=") {
            let parts = text.dropFirst(4).split(separator: ",", omittingEmptySubsequences: false)
            guard parts.count == 2, parts[1].hasPrefix("p99="), let median = Self.size(parts[0]),
                let high = Self.size(parts[1].dropFirst(4)), high > median
            else { return nil }
            self = .logNormal(median: median, high: high)
        } else {
            let parts = text.split(separator: "-", omittingEmptySubsequences: false)
            guard parts.count == 2, let low = Self.size(parts[0]), let high = Self.size(parts[1]), high > low
            else { return nil }
            self = .uniform(low...high)
        }
    }

    private static func size(_ text: some StringProtocol) -> Int? {
        Int(text).flatMap { bounds.contains($0) ? $0 : nil }
    }

    /// The length that so large a part of all logs has at most.
    ///
    /// - Parameter quantile: above 0, below 1.
    func size(at quantile: Double) -> Int {
        let size: Double
        switch self {
        case .fixed(let fixed): return fixed
        case .uniform(let range):
            size = Double(range.lowerBound) + quantile * Double(range.count)
        case .exponential(let mean):
            size = -log(1 - quantile) * Double(mean)
        case .logNormal(let median, let high):
            // 2.3263 standard deviations above the middle of a normal distribution are 99 of 100.
            let spread = (log(Double(high)) - log(Double(median))) / 2.326_347_874
            size = exp(log(Double(median)) + spread * Self.normal(quantile))
        }
        return Int(min(max(size, Double(Self.bounds.lowerBound)), Double(Self.bounds.upperBound)))
    }

    /// How many standard deviations from the middle a part of a normal distribution ends: by halving, since it is asked
    /// for a few hundred times in all.
    private static func normal(_ quantile: Double) -> Double {
        var range = -8.0...8.0
        for _ in 0..<60 {
            let middle = (range.lowerBound + range.upperBound) / 2
            let part = erfc(-middle / 2.0.squareRoot()) / 2
            range = part < quantile ? middle...range.upperBound : range.lowerBound...middle
        }
        return range.lowerBound
    }
}
