/// A record of the followed topic.
struct Sighting: Equatable {
    /// What stands in it.
    let reading: LogForm.Reading
    let partition: Int32
    let offset: Int64
    /// When the broker appended it, in milliseconds; nil when the record's timestamp says something else
    /// (Kafka's `message.timestamp.type`).
    let appended: Int64?
}
