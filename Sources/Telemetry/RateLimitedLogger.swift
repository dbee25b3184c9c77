import Synchronization

/// A logger for faults that repeat: the same event about the same subject is said at most once in an interval; the
/// next line after that says `repeated=` how many were held back. For any thread.
package final class RateLimitedLogger: Sendable {
    private let logger: Logger
    private let clock: @Sendable () -> Int64
    private let suppression: Mutex<RepeatSuppression>

    /// - Parameter clock: nanoseconds that only go forward.
    package init(
        _ logger: Logger,
        interval: Duration = .seconds(10),
        clock: @escaping @Sendable () -> Int64 = MonotonicClock.now
    ) {
        self.logger = logger
        self.clock = clock
        let (seconds, attoseconds) = interval.components
        suppression = Mutex(RepeatSuppression(interval: seconds * 1_000_000_000 + attoseconds / 1_000_000_000))
    }

    /// - Parameter subject: what the event is about where one can fail while others do not: a topic, an address.
    package func log(
        _ level: Logger.Level,
        _ event: String,
        about subject: String = "",
        _ fields: KeyValuePairs<String, String> = [:]
    ) {
        let now = clock()
        let action = suppression.withLock { $0.event("\(event) \(subject)", now: now) }
        guard case .say(let repeated) = action else { return }
        logger.log(level, event, fields, repeated: repeated)
    }
}
