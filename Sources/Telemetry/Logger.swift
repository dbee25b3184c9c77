internal import Synchronization

/// Sluice's own log lines: one event, a few fields.
///
/// Events are short, stable names in the form `room.what_happened` (`kafka.topic_held`, `accept.paused`), so that
/// they can be searched for; what varies is in the fields. Never a secret, never a log's content.
package struct Logger: Sendable {
    package enum Level: Int, Comparable, CaseIterable, Sendable {
        case debug
        case info
        case warning
        case error

        /// `debug`, `info`, `warning`, `error`.
        package var name: String {
            switch self {
            case .debug: "debug"
            case .info: "info"
            case .warning: "warning"
            case .error: "error"
            }
        }

        package static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
    }

    /// A logger that says nothing, for tests and for callers that have none.
    package static let silent = Logger(minimum: .error, format: .event, clock: { 0 }, write: nil)

    /// Of all copies of a logger the same, and changed by one of them.
    private final class Threshold: Sendable {
        let level: Atomic<Int>

        init(_ level: Level) { self.level = Atomic(level.rawValue) }
    }

    private let threshold: Threshold
    private let format: LogFormat
    private let clock: @Sendable () -> Int64
    private let write: (@Sendable (String) -> Void)?

    /// Lines of event and fields alone, as tests compare them.
    ///
    /// - Parameter write: takes one whole line without its newline; called from any thread.
    package init(minimum: Level, write: @escaping @Sendable (String) -> Void) {
        self.init(minimum: minimum, format: .event, clock: { 0 }, write: write)
    }

    /// - Parameters:
    ///   - clock: nanoseconds since 1970, for the time of a line.
    ///   - write: takes one whole line without its newline; called from any thread.
    package init(
        minimum: Level,
        format: LogFormat,
        clock: @escaping @Sendable () -> Int64 = WallClock.now,
        write: @escaping @Sendable (String) -> Void
    ) {
        self.init(minimum: minimum, format: format, clock: clock, write: Optional(write))
    }

    private init(
        minimum: Level,
        format: LogFormat,
        clock: @escaping @Sendable () -> Int64,
        write: (@Sendable (String) -> Void)?
    ) {
        threshold = Threshold(minimum)
        self.format = format
        self.clock = clock
        self.write = write
    }

    /// What `sluice` uses: lines on standard error.
    package static func standardError(minimum: Level, format: LogFormat) -> Logger {
        Logger(minimum: minimum, format: format, write: StandardError.write)
    }

    /// The least that is said from now on, by every copy of this logger.
    package func setMinimum(_ level: Level) { threshold.level.store(level.rawValue, ordering: .relaxed) }

    package func debug(_ event: String, _ fields: KeyValuePairs<String, String> = [:]) { log(.debug, event, fields) }
    package func info(_ event: String, _ fields: KeyValuePairs<String, String> = [:]) { log(.info, event, fields) }
    package func warning(_ event: String, _ fields: KeyValuePairs<String, String> = [:]) {
        log(.warning, event, fields)
    }
    package func error(_ event: String, _ fields: KeyValuePairs<String, String> = [:]) { log(.error, event, fields) }

    package func log(_ level: Level, _ event: String, _ fields: KeyValuePairs<String, String>) {
        log(level, event, fields, repeated: 0)
    }

    /// - Parameter repeated: how many lines like this one were held back before it; said when it is not zero.
    func log(_ level: Level, _ event: String, _ fields: KeyValuePairs<String, String>, repeated: Int) {
        guard let write, level.rawValue >= threshold.level.load(ordering: .relaxed) else { return }
        var all = fields.map { (key: $0.key, value: $0.value) }
        if repeated > 0 { all.append((key: "repeated", value: String(repeated))) }
        write(format.line(LogLine(time: clock(), level: level, event: event, fields: all)))
    }
}
