import Testing

@testable import Admission

@Suite struct SharedTests {
    private let second: UInt64 = 1_000_000_000

    @Test func noMoreComeInThanMayAndWhoLeavesMakesRoom() {
        let counts = SharedCounts<String>()
        #expect(counts.enter("a", atMost: 2))
        #expect(counts.enter("a", atMost: 2))
        #expect(!counts.enter("a", atMost: 2))
        #expect(counts.enter("b", atMost: 2))
        counts.leave("a")
        #expect(counts.count(of: "a") == 1)
        #expect(counts.enter("a", atMost: 2))
    }

    @Test func withoutABoundItIsCountedAllTheSame() {
        let counts = SharedCounts<Int>()
        for _ in 0..<5 { #expect(counts.enter(1, atMost: 0)) }
        #expect(!counts.enter(1, atMost: 5))
        #expect(counts.enter(1, atMost: 6))
    }

    @Test func aKeyAtZeroIsForgotten() {
        let counts = SharedCounts<Int>()
        for key in 0..<10_000 { #expect(counts.enter(key, atMost: 1)) }
        #expect(counts.keyCount == 10_000)
        for key in 0..<10_000 { counts.leave(key) }
        #expect(counts.keyCount == 0)
        counts.leave(1)
        #expect(counts.count(of: 1) == 0)
        #expect(counts.enter(1, atMost: 1))
    }

    @Test func manyThreadsCountRight() async {
        let counts = SharedCounts<Int>()
        let entered = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    var entered = 0
                    for round in 0..<2000 where counts.enter(round % 7, atMost: 0) { entered += 1 }
                    for round in 0..<1000 { counts.leave(round % 7) }
                    return entered
                }
            }
            return await group.reduce(0, +)
        }
        #expect(entered == 16_000)
        #expect((0..<7).map { counts.count(of: $0) }.reduce(0, +) == 8000)
        #expect(counts.enter(0, atMost: counts.count(of: 0)) == false)
    }

    @Test func theRateIsTheIdentitysOverAllOfItsConnections() {
        let buckets = SharedBuckets()
        let limits = ConnectionLimits(tokenLogsPerSecond: 10, tokenBytesPerSecond: 1000)
        #expect(buckets.take("a", logs: 5, bytes: 100, limits: limits, at: 0) == 0)
        #expect(buckets.take("a", logs: 5, bytes: 100, limits: limits, at: 0) == 0)
        #expect(buckets.take("a", logs: 1, bytes: 100, limits: limits, at: 0) == second / 10)
        #expect(buckets.take("b", logs: 1, bytes: 100, limits: limits, at: 0) == 0)
        #expect(buckets.take("b", logs: 1, bytes: 2900, limits: limits, at: 0) == 2 * second)
        #expect(buckets.take("a", logs: 0, bytes: 0, limits: limits, at: second) == 0)
    }

    @Test func eachOfTheTwoLimitsMayBeMissing() {
        let buckets = SharedBuckets()
        #expect(buckets.take("a", logs: 1 << 40, bytes: 1 << 40, limits: ConnectionLimits(), at: 0) == 0)
        #expect(buckets.keyCount == 0)
        let logs = ConnectionLimits(tokenLogsPerSecond: 1)
        #expect(buckets.take("a", logs: 2, bytes: 1 << 40, limits: logs, at: 0) == second)
        let bytes = ConnectionLimits(tokenBytesPerSecond: 1)
        #expect(buckets.take("b", logs: 1 << 40, bytes: 2, limits: bytes, at: 0) == second)
    }

    @Test func eachSetOfLimitsIsARateOfItsOwn() {
        let buckets = SharedBuckets()
        let (slow, fast) = (ConnectionLimits(tokenLogsPerSecond: 1), ConnectionLimits(tokenLogsPerSecond: 10))
        #expect(buckets.take("a", logs: 11, bytes: 0, limits: slow, at: 0) == 10 * second)
        #expect(buckets.take("a", logs: 11, bytes: 0, limits: fast, at: 0) == second / 10)
        #expect(buckets.take("a", logs: 0, bytes: 0, limits: slow, at: second) == 9 * second)
    }

    @Test func keysThatAreFullAgainAreForgotten() {
        let buckets = SharedBuckets()
        let limits = ConnectionLimits(tokenLogsPerSecond: 1)
        _ = buckets.take("debtor", logs: 1_000_000, bytes: 0, limits: limits, at: 0)
        var now: UInt64 = 0
        for round in 0..<100 {
            now = UInt64(round) * 10 * second
            for key in 0..<50 {
                _ = buckets.take("\(round) \(key)", logs: 1, bytes: 0, limits: limits, at: now)
                #expect(buckets.keyCount <= 128)
            }
        }
        #expect(buckets.take("debtor", logs: 0, bytes: 0, limits: limits, at: now) > 0)
    }
}
