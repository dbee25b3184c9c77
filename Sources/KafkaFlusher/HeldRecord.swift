internal import CRdKafka
internal import LogPipeline

/// A record that came back, or never went: one that waits to be produced again.
struct HeldRecord {
    let batch: Batch
    let index: Int
    /// Whether Kafka may have stored it all the same: producing it again may repeat it.
    var mayBeStored = false
    /// Set when the last attempt failed for what may be the record's own fault.
    var fault: DropReason?
    /// The error that `fault` comes from.
    var code = RD_KAFKA_RESP_ERR_NO_ERROR
    /// The last attempt failed alone, and it is kept all the same.
    var isKept = false
    /// The last attempt failed because of another record in the same MessageSet (KIP-467; librdkafka from 2.4 on).
    var isBystander = false

    /// What came of the last attempt is not known any more: another one begins.
    mutating func forget() { (fault, isKept, isBystander) = (nil, false, false) }

    /// The order of arrival within a partition.
    static func precedes(_ left: HeldRecord, _ right: HeldRecord) -> Bool {
        (left.batch.ticket, left.index) < (right.batch.ticket, right.index)
    }
}
