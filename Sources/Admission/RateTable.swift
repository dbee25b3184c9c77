/// Rates by key. A key whose buckets are full again is forgotten: new ones would be as full.
struct RateTable {
    private struct Buckets {
        var logs: TokenBucket
        var bytes: TokenBucket

        func areFull(at now: UInt64) -> Bool { logs.isFull(at: now) && bytes.isFull(at: now) }
    }

    private static let leastSweep = 64

    private var buckets: [String: Buckets] = [:]
    /// So many keys are kept before the full ones are looked for: twice what was left the last time, so that looking
    /// costs a constant amount per key.
    private var sweepAt = leastSweep

    var count: Int { buckets.count }

    /// A second's worth may come at once.
    mutating func take(
        _ key: String,
        logs: Int,
        bytes: Int,
        logRate: Double,
        byteRate: Double,
        at now: UInt64
    ) -> UInt64 {
        var both = buckets[key] ?? opened(for: key, logRate, byteRate, at: now)
        if both.logs.rate != logRate { both.logs.change(ratePerSecond: logRate, burst: logRate, at: now) }
        if both.bytes.rate != byteRate { both.bytes.change(ratePerSecond: byteRate, burst: byteRate, at: now) }
        let wait = max(both.logs.take(Double(logs), at: now), both.bytes.take(Double(bytes), at: now))
        buckets[key] = both
        return wait
    }

    private mutating func opened(for key: String, _ logRate: Double, _ byteRate: Double, at now: UInt64) -> Buckets {
        if buckets.count >= sweepAt {
            buckets = buckets.filter { !$0.value.areFull(at: now) }
            sweepAt = max(RateTable.leastSweep, buckets.count * 2)
        }
        return Buckets(
            logs: TokenBucket(ratePerSecond: logRate, burst: logRate, now: now),
            bytes: TokenBucket(ratePerSecond: byteRate, burst: byteRate, now: now)
        )
    }
}
