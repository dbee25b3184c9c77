internal import CRdKafka
internal import LogPipeline

/// One thread's array of librdkafka messages, filled again for each batch.
///
/// `@unchecked Sendable` because the flusher, which all threads share, holds one for each loop: it belongs to one thread
/// at a time, a loop's own for its batches, the delivery thread's for what was held. A lock would be taken with each
/// batch for nobody.
@safe final class HandOver: @unchecked Sendable {
    private var messages: UnsafeMutablePointer<rd_kafka_message_t>
    private var capacity: Int
    /// Records carry timestamps of their own.
    private let timestamped: Bool
    /// Beside `messages`, for records that go one by one; else empty.
    private var extras: [RecordExtras] = []

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
        extras.removeAll(keepingCapacity: true)
        if batch.hasSources || isTimed(batch) {
            for index in records.indices { addExtras(ofRecord: index, in: batch) }
        }
        return unsafe send(records.count, state: state, topic: topic, partition: batch.partition)
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
        extras.removeAll(keepingCapacity: true)
        let goSingly = held.contains { $0.batch.hasSources || isTimed($0.index, in: $0.batch) }
        for (place, record) in held.enumerated() {
            let encoded = unsafe record.batch.records[record.index]
            unsafe messages[place].payload = UnsafeMutableRawPointer(mutating: encoded.payload)
            unsafe messages[place].len = Int(encoded.count)
            unsafe messages[place]._private = Unmanaged.passUnretained(record.batch).toOpaque()
            if goSingly { addExtras(ofRecord: record.index, in: record.batch) }
        }
        return unsafe send(held.count, state: state, topic: topic, partition: partition)
    }

    private func isTimed(_ batch: Batch) -> Bool {
        timestamped && (0..<batch.count).contains { isTimed($0, in: batch) }
    }

    private func isTimed(_ index: Int, in batch: Batch) -> Bool {
        guard timestamped else { return false }
        return unsafe batch.records[index].timestamp != 0
    }

    private func addExtras(ofRecord index: Int, in batch: Batch) {
        let timestamp = timestamped ? unsafe batch.records[index].timestamp : 0
        let headers = unsafe batch.source(ofRecord: index).map { unsafe RecordHeaders.of($0).list }
        extras.append(unsafe RecordExtras(timestamp: timestamp, headers: headers))
    }

    private func send(
        _ count: Int,
        state: ProducerState,
        topic: OpaquePointer,
        partition: Int32
    ) -> [Refusal] {
        if !extras.isEmpty {
            let records = unsafe UnsafeBufferPointer(start: messages, count: count)
            return unsafe state.handle.produce(singly: records, extras: extras, topic: topic, partition: partition)
        }
        let accepted = unsafe rd_kafka_produce_batch(topic, partition, 0, messages, Int32(count))
        guard Int(accepted) < count else { return [] }
        return (0..<count).compactMap { index in
            let code = unsafe messages[index].err
            return code == RD_KAFKA_RESP_ERR_NO_ERROR ? nil : Refusal(index: index, code: code)
        }
    }
}
