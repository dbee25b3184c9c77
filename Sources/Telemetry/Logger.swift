import Foundation

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

        package static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
    }

    /// A logger that says nothing, for tests and for callers that have none.
    package static let silent = Logger(minimum: .error, write: { _ in })

    private let minimum: Level
    private let write: @Sendable (String) -> Void

    /// - Parameter write: takes one whole line without its newline; called from any thread.
    package init(minimum: Level, write: @escaping @Sendable (String) -> Void) {
        self.minimum = minimum
        self.write = write
    }

    package func debug(_ event: String, _ fields: KeyValuePairs<String, String> = [:]) { log(.debug, event, fields) }
    package func info(_ event: String, _ fields: KeyValuePairs<String, String> = [:]) { log(.info, event, fields) }
    package func warning(_ event: String, _ fields: KeyValuePairs<String, String> = [:]) {
        log(.warning, event, fields)
    }
    package func error(_ event: String, _ fields: KeyValuePairs<String, String> = [:]) { log(.error, event, fields) }

    package func log(_ level: Level, _ event: String, _ fields: KeyValuePairs<String, String>) {
        guard level >= minimum else { return }
        write(([event] + fields.map { "\($0.key)=\($0.value)" }).joined(separator: " "))
    }
}
