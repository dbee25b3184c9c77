/// What librdkafka's batch call cannot carry of a record.
@safe struct RecordExtras {
    /// Milliseconds since 1970; 0: the time of hand-over.
    let timestamp: Int64
    /// To be copied; valid as long as the record's batch keeps its source.
    let headers: OpaquePointer?
}
