internal import Glibc

/// One direction of a chart: which values it has room for, where its marks are, and what stands there.
struct ChartAxis {
    struct Mark: Equatable {
        let value: Double
        let text: String
    }

    enum Scale: Equatable {
        case linear
        case logarithmic
        /// Percentiles: as far apart as they are rare.
        case rarity
    }

    let scale: Scale
    let range: ClosedRange<Double>
    let marks: [Mark]

    /// From 0 to at least `maximum`, at round values.
    static func linear(upTo maximum: Double) -> ChartAxis {
        let step = roundStep(max(maximum, 1e-9) / 5)
        let count = max(1, Int((maximum / step).rounded(.up)))
        let marks = (0...count).map { Mark(value: Double($0) * step, text: short(Double($0) * step)) }
        return ChartAxis(scale: .linear, range: 0...(Double(count) * step), marks: marks)
    }

    /// From 0 to `maximum` exactly, for time.
    static func time(upTo maximum: Double) -> ChartAxis {
        let step = roundStep(max(maximum, 1e-9) / 8)
        let count = Int(maximum / step)
        let marks = (0...count).map { Mark(value: Double($0) * step, text: short(Double($0) * step)) }
        return ChartAxis(scale: .linear, range: 0...max(maximum, 1e-9), marks: marks)
    }

    /// Powers of ten around positive values.
    static func logarithmic(_ minimum: Double, _ maximum: Double) -> ChartAxis {
        let low = log10(max(minimum, 1e-6)).rounded(.down)
        let high = max(low + 1, log10(max(maximum, 1e-6)).rounded(.up))
        let marks = (0...Int(high - low)).map { place in
            let value = pow(10, low + Double(place))
            return Mark(value: value, text: short(value))
        }
        return ChartAxis(scale: .logarithmic, range: pow(10, low)...pow(10, high), marks: marks)
    }

    /// From the median on; values are parts of one.
    static func rarity(upTo quantile: Double) -> ChartAxis {
        let all: [(Double, String)] = [
            (0, "0"), (0.5, "50 %"), (0.9, "90 %"), (0.99, "99 %"), (0.999, "99.9 %"), (0.9999, "99.99 %"),
            (0.99999, "99.999 %"), (0.999999, "99.9999 %"),
        ]
        let marks = all.filter { $0.0 <= quantile }.map { Mark(value: $0.0, text: $0.1) }
        return ChartAxis(scale: .rarity, range: 0...quantile, marks: marks)
    }

    /// Where a value stands, from 0 to 1.
    func position(_ value: Double) -> Double {
        let place = measure(min(max(value, range.lowerBound), range.upperBound))
        let low = measure(range.lowerBound)
        let high = measure(range.upperBound)
        return high > low ? (place - low) / (high - low) : 0
    }

    private func measure(_ value: Double) -> Double {
        switch scale {
        case .linear: value
        case .logarithmic: log10(max(value, 1e-12))
        case .rarity: -log10(max(1 - value, 1e-12))
        }
    }

    /// 1, 2 or 5 times a power of ten, not below a value.
    private static func roundStep(_ value: Double) -> Double {
        let power = pow(10, log10(value).rounded(.down))
        let factor = value / power
        return power * (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10)
    }

    /// `1.5M`, `200k`, `30`, `0.05`.
    static func short(_ value: Double) -> String {
        switch value {
        case 1e6...: trimmed(value / 1e6) + "M"
        case 1e4..<1e6: trimmed(value / 1e3) + "k"
        default: trimmed(value)
        }
    }

    private static func trimmed(_ value: Double) -> String {
        var text = Report.fixed(value, 6)
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }
}
