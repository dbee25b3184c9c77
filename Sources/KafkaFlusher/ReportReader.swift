internal import CRdKafka
internal import LogPipeline

/// Reads delivery reports out of events: runs of one batch that went well are counted with one operation.
///
/// Not `Sendable`: the delivery thread makes it and nobody else uses it.
@safe final class ReportReader {
    private static let capacity = 1_024

    private let messages: UnsafeMutablePointer<UnsafePointer<rd_kafka_message_t>?>
    /// Where the last record that came back stood: the next one is most often its neighbour.
    private var cursor = 0

    init() {
        unsafe messages = .allocate(capacity: ReportReader.capacity)
        unsafe messages.initialize(repeating: nil, count: ReportReader.capacity)
    }

    deinit { unsafe messages.deallocate() }

    /// What a report says.
    enum Report {
        /// So many records of this batch are stored.
        case delivered(Batch, Int)
        /// This one record is stored, of a partition that is held.
        case deliveredWhileHeld(Batch, record: Int)
        case failed(Batch, record: Int, code: rd_kafka_resp_err_t, mayBeStored: Bool)
    }

    /// - Parameters:
    ///   - isHeld: whether the batch's partition is held, so that each of its records matters.
    ///   - take: called for each report, in order.
    func read(_ event: OpaquePointer, isHeld: (Batch) -> Bool, _ take: (Report) -> Void) {
        while true {
            let count = unsafe rd_kafka_event_message_array(event, messages, ReportReader.capacity)
            guard count > 0 else { return }
            readArray(count, isHeld: isHeld, take)
        }
    }

    private func readArray(_ count: Int, isHeld: (Batch) -> Bool, _ take: (Report) -> Void) {
        var index = 0
        while index < count {
            guard let first = unsafe messages[index], let owner = unsafe first.pointee._private else {
                index += 1
                continue
            }
            let batch = unsafe Unmanaged<Batch>.fromOpaque(owner).takeUnretainedValue()
            if unsafe first.pointee.err != RD_KAFKA_RESP_ERR_NO_ERROR {
                unsafe take(failure(first, batch))
                index += 1
            } else if isHeld(batch) {
                unsafe take(.deliveredWhileHeld(batch, record: place(of: first, in: batch)))
                index += 1
            } else {
                let run = unsafe run(from: index, to: count, of: owner)
                take(.delivered(batch, run))
                index += run
            }
        }
    }

    private func run(from start: Int, to end: Int, of owner: UnsafeMutableRawPointer) -> Int {
        var index = start + 1
        while index < end, let message = unsafe messages[index], unsafe message.pointee._private == owner,
            unsafe message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR
        {
            index += 1
        }
        return index - start
    }

    private func failure(_ message: UnsafePointer<rd_kafka_message_t>, _ batch: Batch) -> Report {
        .failed(
            batch,
            record: unsafe place(of: message, in: batch),
            code: unsafe message.pointee.err,
            mayBeStored: unsafe rd_kafka_message_status(message) != RD_KAFKA_MSG_STATUS_NOT_PERSISTED
        )
    }

    private func place(of message: UnsafePointer<rd_kafka_message_t>, in batch: Batch) -> Int {
        let records = unsafe batch.records
        cursor += 1
        if cursor >= records.count { cursor = 0 }
        guard let payload = unsafe message.pointee.payload else { return cursor }
        if unsafe records[cursor].payload == UnsafeRawPointer(payload) { return cursor }
        guard let found = unsafe batch.index(ofPayload: payload) else {
            preconditionFailure("a report for a record that its batch does not have")
        }
        cursor = found
        return found
    }
}
