import Admission
import Testing

@Suite struct TokenBucketTests {
    private let second: UInt64 = 1_000_000_000

    @Test func aFullBucketLetsABurstThroughAndThenKeepsTheRate() {
        var bucket = TokenBucket(ratePerSecond: 10, burst: 5, now: 0)
        let burst = bucket.take(5, at: 0)
        let first = bucket.take(1, at: 0)
        let early = bucket.take(0, at: first - 1)
        let inTime = bucket.take(0, at: first)
        #expect(burst == 0)
        #expect(first == second / 10)
        #expect(early > 0)
        #expect(inTime == 0)
    }

    @Test func whoWaitsAsToldComesThroughAtTheRate() {
        var bucket = TokenBucket(ratePerSecond: 1000, burst: 1000, now: 7 * second)
        var now = 7 * second
        var taken = 0.0
        for step in 0..<10_000 {
            let amount = Double(step % 37)
            now += bucket.take(amount, at: now)
            taken += amount
        }
        let seconds = Double(now - 7 * second) / Double(second)
        #expect(abs(taken - 1000 - seconds * 1000) < 40)
    }

    @Test func aLongRestFillsItOnceAndNoMore() {
        var bucket = TokenBucket(ratePerSecond: 10, burst: 20, now: 0)
        _ = bucket.take(20, at: 0)
        let burst = bucket.take(20, at: 1_000_000 * second)
        let next = bucket.take(1, at: 1_000_000 * second)
        #expect(burst == 0)
        #expect(next == second / 10)
    }

    @Test func aGreatDebtIsWaitedForInFull() {
        var bucket = TokenBucket(ratePerSecond: 1024, burst: 1024, now: 0)
        let wait = bucket.take(16 * 1024 * 1024, at: 0)
        let half = bucket.take(0, at: wait / 2)
        let end = bucket.take(0, at: wait)
        #expect(wait == 16383 * second)
        #expect(half == wait - wait / 2)
        #expect(end == 0)
    }

    @Test func aDebtBeyondAllTimeDoesNotTrap() {
        var bucket = TokenBucket(ratePerSecond: 1e-9, burst: 0, now: 0)
        let wait = bucket.take(.greatestFiniteMagnitude, at: .max)
        #expect(wait == .max)
    }

    @Test func withoutARateNothingIsBounded() {
        for rate in [0.0, -1] {
            var bucket = TokenBucket(ratePerSecond: rate, burst: 0, now: 0)
            let wait = bucket.take(1e18, at: 0)
            #expect(wait == 0)
        }
    }

    @Test func aClockThatGoesBackGivesNothing() {
        var bucket = TokenBucket(ratePerSecond: 1, burst: 1, now: 10 * second)
        _ = bucket.take(2, at: 10 * second)
        let back = bucket.take(0, at: 5 * second)
        let again = bucket.take(0, at: 10 * second)
        let later = bucket.take(0, at: 11 * second)
        #expect(back == second)
        #expect(again == second)
        #expect(later == 0)
    }
}
