/// Why a log was not relayed; the label `reason` of `sluice_logs_dropped_total`.
package enum DropReason: UInt8, CaseIterable, Sendable {
    /// Longer than the route's `max_len`.
    case maxLen
    /// Starts as a JSON object and does not parse.
    case invalidJSON
    /// A binary message that is not UTF-8 (a text message ends its connection with 1007 instead).
    case invalidUTF8
    /// A message of zero bytes.
    case empty
    /// The encoded record is over `max_message_bytes`, or over what the topic takes.
    case recordTooLarge
    /// Kafka refused this one record for a fault of its own.
    case recordRefused

    package var label: String {
        switch self {
        case .maxLen: "max_len"
        case .invalidJSON: "invalid_json"
        case .invalidUTF8: "invalid_utf8"
        case .empty: "empty"
        case .recordTooLarge: "record_too_large"
        case .recordRefused: "record_refused"
        }
    }
}
