/// One encoded log, where it lies in its arena.
@safe package struct Record: BitwiseCopyable {
    /// Valid until the batch is settled.
    package let payload: UnsafeRawPointer
    /// Bytes; never more than `Int32.max`.
    package let count: Int32
    /// Where its source is among those of its batch, or -1; the batch's alone.
    var source: Int32 = -1
    /// The record's own timestamp in milliseconds since 1970, or 0 for the time of hand-over.
    package let timestamp: Int64

    package init(payload: UnsafeRawPointer, count: Int, timestamp: Int64 = 0) {
        unsafe self.payload = payload
        self.count = Int32(count)
        self.timestamp = timestamp
    }
}

/// Records of one loop for one partition of one topic, received in one tick, or in a few where they are few.
///
/// The unit of ownership between a loop and a flusher: filled by the loop, given away by `Flusher.flush`, settled
/// record by record there, given back whole by `SettlementSink.settled`, reset and filled again by the loop.
///
/// `@unchecked Sendable` because exactly one thread owns it at a time and the hand-over (a queue's lock on either
/// way) orders the accesses: so no lock is taken and nothing is copied for a single log.
@safe package final class Batch: @unchecked Sendable {
    /// A record that will not be delivered.
    package struct Drop: Equatable, Sendable {
        package let record: Int
        package let reason: DropReason
    }

    package private(set) var topic = TopicIndex(rawValue: 0)
    /// Whose sink takes the settlement.
    package private(set) var loop = 0
    package private(set) var partition: Int32 = 0
    /// Monotonic nanoseconds of the tick in which the first of the records was received.
    package private(set) var receivedAt: UInt64 = 0
    package private(set) var count = 0
    package private(set) var payloadBytes = 0
    /// How many records have a verdict.
    package private(set) var settled = 0
    /// Records that were dropped after hand-over; all others of a settled batch are delivered.
    package private(set) var drops: [Drop] = []
    /// Nil as long as no record of the batch has ever had a source or a receipt.
    private var origins: BatchOrigins?
    /// The flusher's own number for the order of hand-over within a partition; meaningless elsewhere.
    package var ticket: UInt64 = 0
    /// What holds the payloads; nobody but `LogPipeline` looks into it.
    var chunks: [Chunk] = []
    /// Which lanes of its writer have records in it, for `LogPipeline` alone.
    var lanes = LaneSet()
    /// Its place in the ledger's window, for `LogPipeline` alone.
    var sequence = 0

    package let capacity: Int
    // An array's own storage would be re-checked for uniqueness with every append, on the path of a log.
    private(set) var storage: UnsafeMutablePointer<Record>
    /// How many records fit before `grow`: a batch of one record must not cost the memory of a full one, as a
    /// quarter of a million of them wait when Kafka is down and logs came one by one.
    private(set) var room: Int

    /// - Parameter capacity: how many records fit (`bulk_max_size`).
    package init(capacity: Int) {
        self.capacity = capacity
        room = min(capacity, 16)
        unsafe storage = .allocate(capacity: room)
    }

    deinit { unsafe storage.deallocate() }

    package var records: UnsafeBufferPointer<Record> {
        unsafe UnsafeBufferPointer(start: storage, count: count)
    }
    package var isFull: Bool { count == capacity }
    package var isWhole: Bool { settled == count }

    /// Empties the batch for a new use.
    package func open(topic: TopicIndex, loop: Int, partition: Int32, receivedAt: UInt64) {
        self.topic = topic
        self.loop = loop
        self.partition = partition
        self.receivedAt = receivedAt
        count = 0
        payloadBytes = 0
        settled = 0
        drops.removeAll(keepingCapacity: true)
        forgetOrigins()
    }

    /// - Precondition: not full.
    package func append(_ record: Record, source: RecordSource? = nil, receipt: ReceiptKey? = nil) {
        precondition(count < capacity, "a full batch was appended to")
        if count == room { grow(keeping: count) }
        // The place of a source is meaningless in another batch.
        var record = record
        record.source = -1
        unsafe (storage + count).initialize(to: record)
        count &+= 1
        payloadBytes &+= Int(record.count)
        if source != nil || receipt != nil { note(source, receipt, record: count &- 1) }
    }

    /// Makes room for twice as many records, up to `capacity`.
    func grow(keeping count: Int) {
        let wider = min(capacity, room * 2)
        let moved = UnsafeMutablePointer<Record>.allocate(capacity: wider)
        unsafe moved.moveInitialize(from: storage, count: count)
        unsafe storage.deallocate()
        unsafe storage = moved
        room = wider
    }

    /// Takes over what a writer has put into `storage`.
    func close(count: Int, payloadBytes: Int, lanes: LaneSet) {
        self.count = count
        self.payloadBytes = payloadBytes
        self.lanes = lanes
    }

    /// The flusher moves a batch when its topic has fewer partitions than it was filled for.
    package func move(to partition: Int32) { self.partition = partition }

    /// Notes that `records` of them are stored by Kafka.
    /// - Returns: whether the batch is whole now.
    package func settleDelivered(_ records: Int) -> Bool {
        settled &+= records
        precondition(settled <= count, "a record was settled twice")
        return settled == count
    }

    /// Notes that this record will never be stored.
    /// - Returns: whether the batch is whole now.
    package func settleDropped(record: Int, reason: DropReason) -> Bool {
        drops.append(Drop(record: record, reason: reason))
        return settleDelivered(1)
    }

    /// Which record has this payload; for the few that come back with an error.
    package func index(ofPayload payload: UnsafeRawPointer) -> Int? {
        unsafe records.firstIndex { unsafe $0.payload == payload }
    }
}

// Where records came from, and who waits for them.
extension Batch {
    /// Whether any record has headers.
    package var hasSources: Bool { origins.map { !$0.sources.isEmpty } ?? false }
    /// Runs of records whose owners want to know what becomes of them, in the order of the records.
    package var receipts: [Receipt] { origins?.receipts ?? [] }
    /// Bytes of names and values of the headers of all records, as each of them carries them.
    package var headerBytes: Int { origins?.headerBytes ?? 0 }
    /// Headers of all records.
    package var headerCount: Int { origins?.headerCount ?? 0 }
    /// Records that have headers.
    package var headedCount: Int { origins?.headedCount ?? 0 }
    /// Bytes of memory that all this takes here.
    var originBytes: Int { origins?.memoryBytes ?? 0 }

    /// The headers of a record; nil: it has none.
    package func source(ofRecord record: Int) -> RecordSource? {
        let index = unsafe Int(records[record].source)
        return index >= 0 ? origins?.sources[index] : nil
    }

    /// Bytes of a record's payload and of its headers.
    package func bytes(ofRecord record: Int) -> Int {
        unsafe Int(records[record].count) + (source(ofRecord: record)?.byteCount ?? 0)
    }

    /// Whose log a record is and of which message; nil when nobody asked to know.
    package func receipt(ofRecord record: Int) -> ReceiptKey? { origins?.receipt(ofRecord: record) }

    /// The message of a record; nil when nobody asked to know.
    package func number(ofRecord record: Int) -> UInt64? { receipt(ofRecord: record)?.number }

    /// - Parameter record: the last one; it lies in `storage`.
    func note(_ source: RecordSource?, _ receipt: ReceiptKey?, record: Int) {
        let origins = origins ?? BatchOrigins()
        self.origins = origins
        if let source { unsafe storage[record].source = origins.add(source) }
        if let receipt { origins.add(receipt, record: record) }
    }

    /// Lets go of sources and receipts.
    func forgetOrigins() { origins?.forget() }
}
