internal import Synchronization

/// The rates of identities, over all of their connections and all loops.
package final class SharedBuckets: Sendable {
    private let table = Mutex(RateTable())

    package init() {}

    /// Takes what one read brought, by the two limits that are an identity's.
    ///
    /// - Parameter now: nanoseconds of a clock that only goes forward and that all loops share.
    /// - Returns: nanoseconds until the identity is out of debt; 0: go on.
    package func take(_ key: String, logs: Int, bytes: Int, limits: ConnectionLimits, at now: UInt64) -> UInt64 {
        let logRate = Double(limits.tokenLogsPerSecond)
        let byteRate = Double(limits.tokenBytesPerSecond)
        guard logRate > 0 || byteRate > 0 else { return 0 }
        return table.withLock {
            $0.take(key, logs: logs, bytes: bytes, logRate: logRate, byteRate: byteRate, at: now)
        }
    }

    /// How many keys are remembered.
    var keyCount: Int { table.withLock { $0.count } }
}
