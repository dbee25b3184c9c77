internal import CRdKafka
internal import LogPipeline

/// One thread's array of librdkafka messages, filled again for each batch.
///
/// `@unchecked Sendable` because it belongs to one thread at a time: a loop's own for its batches, the delivery
/// thread's for what was held.
@safe final class HandOver: @unchecked Sendable {
    private var messages: UnsafeMutablePointer<rd_kafka_message_t>
    private var capacity: Int
    /// Records carry timestamps of their own.
    private let timestamped: Bool

    init(capacity: Int, timestamped: Bool) {
        self.capacity = capacity
        self.timestamped = timestamped
        unsafe messages = HandOver.allocate(capacity)
    }

    deinit { unsafe messages.deallocate() }

    private static func allocate(_ capacity: Int) -> UnsafeMutablePointer<rd_kafka_message_t> {
        let messages = UnsafeMutablePointer<rd_kafka_message_t>.allocate(capacity: capacity)
        // Key and topic stay empty for ever; only payload, length and owner are written again.
        unsafe messages.initialize(repeating: rd_kafka_message_t(), count: capacity)
        return unsafe messages
    }

    private func reserve(_ count: Int) {
        guard count > capacity else { return }
        unsafe messages.deallocate()
        capacity = count
        unsafe messages = HandOver.allocate(count)
    }

    /// Hands the records of a batch over, all but those that are settled already.
    ///
    /// The payloads stay where they are; the batch must outlive their reports.
    /// - Parameter skipped: indices of settled records, rising.
    /// - Returns: what librdkafka refused, indices being those of the batch.
    func produce(
        _ batch: Batch,
        skipping skipped: [Int],
        state: ProducerState,
        topic: OpaquePointer
    ) -> [Refusal] {
        let records = unsafe batch.records
        reserve(records.count)
        let owner = unsafe Unmanaged.passUnretained(batch).toOpaque()
        guard skipped.isEmpty else { return unsafe produce(batch, left: skipped, state: state, topic: topic) }
        for index in records.indices {
            unsafe messages[index].payload = UnsafeMutableRawPointer(mutating: records[index].payload)
            unsafe messages[index].len = Int(records[index].count)
            unsafe messages[index]._private = owner
        }
        let times = timestamped ? unsafe records.map { $0.timestamp } : []
        return unsafe send(records.count, times: times, state: state, topic: topic, partition: batch.partition)
    }

    private func produce(
        _ batch: Batch,
        left skipped: [Int],
        state: ProducerState,
        topic: OpaquePointer
    ) -> [Refusal] {
        let settled = Set(skipped)
        let rest = (0..<batch.count).filter { !settled.contains($0) }
        let held = rest.map { HeldRecord(batch: batch, index: $0) }
        return unsafe produce(held[...], state: state, topic: topic, partition: batch.partition).map { refusal in
            Refusal(index: rest[refusal.index], code: refusal.code)
        }
    }

    /// Hands held records over, in their order.
    ///
    /// - Returns: what librdkafka refused, indices counted from the first of these records.
    func produce(
        _ held: ArraySlice<HeldRecord>,
        state: ProducerState,
        topic: OpaquePointer,
        partition: Int32
    ) -> [Refusal] {
        reserve(held.count)
        var times: [Int64] = []
        for (place, record) in held.enumerated() {
            let source = unsafe record.batch.records[record.index]
            unsafe messages[place].payload = UnsafeMutableRawPointer(mutating: source.payload)
            unsafe messages[place].len = Int(source.count)
            unsafe messages[place]._private = Unmanaged.passUnretained(record.batch).toOpaque()
            if timestamped { times.append(source.timestamp) }
        }
        return unsafe send(held.count, times: times, state: state, topic: topic, partition: partition)
    }

    private func send(
        _ count: Int,
        times: [Int64],
        state: ProducerState,
        topic: OpaquePointer,
        partition: Int32
    ) -> [Refusal] {
        if timestamped, times.contains(where: { $0 != 0 }) {
            let records = unsafe UnsafeBufferPointer(start: messages, count: count)
            return unsafe state.handle.produce(singly: records, timestamps: times, topic: topic, partition: partition)
        }
        let accepted = unsafe rd_kafka_produce_batch(topic, partition, 0, messages, Int32(count))
        guard Int(accepted) < count else { return [] }
        return (0..<count).compactMap { index in
            let code = unsafe messages[index].err
            return code == RD_KAFKA_RESP_ERR_NO_ERROR ? nil : Refusal(index: index, code: code)
        }
    }
}
