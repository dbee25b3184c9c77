internal import Telemetry

/// Moments as `Batch.receivedAt` has them.
enum Instant {
    /// Monotonic nanoseconds.
    static func now() -> UInt64 { UInt64(MonotonicClock.now()) }
}
