/// Rates by identity and limits: one who comes in by routes of different limits has each of them. A key whose buckets
/// are full again is forgotten: new ones would be as full.
struct RateTable {
    struct Key: Hashable {
        let name: String
        let logsPerSecond: Int
        let bytesPerSecond: Int
    }

    private struct Buckets {
        var logs: TokenBucket
        var bytes: TokenBucket

        /// A second's worth may come at once.
        init(_ key: Key, now: UInt64) {
            let (logs, bytes) = (Double(key.logsPerSecond), Double(key.bytesPerSecond))
            self.logs = TokenBucket(ratePerSecond: logs, burst: logs, now: now)
            self.bytes = TokenBucket(ratePerSecond: bytes, burst: bytes, now: now)
        }

        mutating func take(logs: Int, bytes: Int, at now: UInt64) -> UInt64 {
            max(self.logs.take(Double(logs), at: now), self.bytes.take(Double(bytes), at: now))
        }

        func areFull(at now: UInt64) -> Bool { logs.isFull(at: now) && bytes.isFull(at: now) }
    }

    private static let leastSweep = 64

    private var buckets: [Key: Buckets] = [:]
    /// So many keys are kept before the full ones are looked for: twice what was left the last time, so that looking
    /// costs a constant amount per key.
    private var sweepAt = leastSweep

    var count: Int { buckets.count }

    mutating func take(_ key: Key, logs: Int, bytes: Int, at now: UInt64) -> UInt64 {
        if buckets.count >= sweepAt, buckets[key] == nil { sweep(at: now) }
        return buckets[key, default: Buckets(key, now: now)].take(logs: logs, bytes: bytes, at: now)
    }

    private mutating func sweep(at now: UInt64) {
        buckets = buckets.filter { !$0.value.areFull(at: now) }
        sweepAt = max(RateTable.leastSweep, buckets.count * 2)
    }
}
