import Testing

@testable import sluice_load

struct LatencyHistogramTests {
    @Test func everyValueIsInABucketThatIsAThousandthOfItWide() {
        var values: [UInt64] = [0, 1, 2_047, 2_048, 2_049, .max - 1, .max]
        for shift in 0..<64 { values += [1 << UInt64(shift), (1 << UInt64(shift)) - 1, Mixing.mix(1, UInt64(shift))] }
        for value in values {
            var histogram = LatencyHistogram()
            histogram.record(value)
            let bucket = histogram.buckets[0]
            #expect(histogram.buckets.count == 1 && bucket.range.contains(value) && bucket.count == 1)
            #expect(bucket.range.upperBound - bucket.range.lowerBound <= value / 1_000)
            #expect(histogram.value(at: 0.5) == value)
        }
    }

    @Test func bucketsFollowEachOtherWithoutGap() {
        var histogram = LatencyHistogram(precision: 4)
        for value in 0..<UInt64(5_000) { histogram.record(value) }
        let buckets = histogram.buckets
        for (one, next) in zip(buckets, buckets.dropFirst()) {
            #expect(one.range.upperBound + 1 == next.range.lowerBound)
            #expect(one.count == one.range.upperBound - one.range.lowerBound + 1)
        }
    }

    @Test func percentilesAreThoseOfTheSortedValues() {
        var histogram = LatencyHistogram()
        let values = (0..<UInt64(10_000)).map { Mixing.mix(3, $0) >> 34 }
        for value in values { histogram.record(value) }
        let sorted = values.sorted()
        for quantile in [0.0, 0.1, 0.5, 0.9, 0.99, 0.999, 1] {
            let exact = sorted[max(0, Int((quantile * 10_000).rounded(.up)) - 1)]
            let told = histogram.value(at: quantile)
            #expect(told >= exact && told <= exact + exact / 1_000 + 1, "\(quantile)")
        }
        #expect(histogram.maximum == sorted.last && histogram.minimum == sorted.first)
        #expect(abs(histogram.mean - Double(values.reduce(0, +)) / 10_000) < 1)
    }

    @Test func twoPutTogetherAreAsOne() {
        var one = LatencyHistogram()
        var other = LatencyHistogram()
        var both = LatencyHistogram()
        for value in 0..<UInt64(1_000) {
            if value % 3 == 0 { one.record(value * value) } else { other.record(value * value, count: 2) }
            both.record(value * value, count: value % 3 == 0 ? 1 : 2)
        }
        one.merge(other)
        #expect(one.buckets == both.buckets && one.total == both.total && one.maximum == both.maximum)
    }

    @Test func anEmptyOneSaysNothing() {
        let histogram = LatencyHistogram()
        #expect(histogram.isEmpty && histogram.value(at: 0.99) == 0 && histogram.maximum == 0 && histogram.mean == 0)
    }

    @Test func aTimelineKeepsItsSumsWhateverItsLength() {
        var timeline = Timeline()
        var other = Timeline()
        for second in 0..<UInt64(1_000) {
            timeline.addSent(3, at: second * 1_000_000_000)
            timeline.addLatency(second, count: 1, at: second * 1_000_000_000)
            if second < 10 { other.addAnswered(1, at: second * 1_000_000_000) }
        }
        #expect(timeline.slices.count <= Timeline.limit && timeline.width == 6_400_000_000)
        timeline.merge(other)
        #expect(timeline.slices.reduce(0) { $0 + $1.sent } == 3_000)
        #expect(timeline.slices.reduce(0) { $0 + $1.answered } == 10)
        #expect(timeline.slices.reduce(0) { $0 + $1.latency.total } == 1_000)
        #expect(timeline.slices[0].answered == 7)
    }
}
