import Admission
import Testing

@Suite struct TokenBucketTests {
    private let second: UInt64 = 1_000_000_000

    @Test func aFullBucketLetsABurstThroughAndThenKeepsTheRate() {
        var bucket = TokenBucket(ratePerSecond: 10, burst: 5, now: 0)
        let burst = bucket.take(5, at: 0)
        let first = bucket.take(1, at: 0)
        let afterWaiting = bucket.take(0, at: first)
        #expect(burst == 0)
        #expect(first == second / 10)
        #expect(afterWaiting == 0)
    }
}
