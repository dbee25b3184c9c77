/// What the Kafka record's own timestamp is; the setting `record_timestamp`.
package enum RecordTimestamp: Equatable, Sendable {
    /// The time of hand-over.
    case arrival
    /// The log's `timestamp`, if it is RFC 3339, at most 5 minutes ahead and at most a day old; else the time of
    /// hand-over. Kafka 4 refuses a whole batch for a record an hour ahead, and deletes by record timestamp.
    case log

    static let furthestAhead: Int64 = 5 * 60 * 1000
    static let furthestBack: Int64 = 24 * 60 * 60 * 1000
}
