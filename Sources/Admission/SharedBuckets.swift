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
        let key = RateTable.Key(
            name: key,
            logsPerSecond: max(limits.tokenLogsPerSecond, 0),
            bytesPerSecond: max(limits.tokenBytesPerSecond, 0)
        )
        guard key.logsPerSecond > 0 || key.bytesPerSecond > 0 else { return 0 }
        return table.withLock { $0.take(key, logs: logs, bytes: bytes, at: now) }
    }

    /// How many keys are remembered.
    var keyCount: Int { table.withLock { $0.count } }
}
