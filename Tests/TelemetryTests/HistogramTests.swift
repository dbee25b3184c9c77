import Telemetry
import Testing

struct HistogramTests {
    @Test func everyObservationIsCountedOnce() {
        var histogram = Histogram()
        for bound in Histogram.latency { histogram.observe(bound) }
        #expect(histogram.counts == Array(repeating: 1, count: Histogram.latency.count) + [0])
        histogram.observe(60.1, count: 3)
        histogram.observe(-1)
        histogram.observe(.infinity, count: 0)
        #expect(histogram.counts.last == 3)
        #expect(histogram.counts.first == 2)
        #expect(histogram.total == UInt64(Histogram.latency.count + 4))
    }

    @Test func mergingAddsUp() {
        var left = Histogram()
        var right = Histogram()
        var both = Histogram()
        left.observe(0.5, count: 3)
        right.observe(2, count: 2)
        both.observe(0.5, count: 3)
        both.observe(2, count: 2)
        left.merge(right)
        #expect(left == both)
        #expect(left.sum == 5.5)
    }

    @Test(arguments: [Histogram.latency, Histogram.turns, Histogram.sizes])
    func boundsGrow(bounds: [Double]) {
        #expect(bounds == Set(bounds).sorted())
        #expect(Histogram(bounds).counts.count == bounds.count + 1)
    }
}
