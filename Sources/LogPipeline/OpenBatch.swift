/// A batch while it is filled.
///
/// Counts are here and not in the `Batch`, which is a class: a store to one of its properties would be checked for
/// exclusivity with every log.
@safe struct OpenBatch {
    let route: PartitionPlan.Route
    private(set) var batch: Batch?
    private(set) var count = 0
    /// How many records fit before something has to be done.
    private(set) var room = 0
    private(set) var bytes = 0
    private(set) var lanes = LaneSet()
    /// Everything that waits for the same move, full batches first; empty when nothing is held back.
    private(set) var full: [Batch] = []
    /// Bytes in `full`.
    private(set) var fullBytes = 0
    /// When the batch before this one was made ready at the end of a tick, monotonic nanoseconds.
    var readyAt: UInt64 = 0
    private var storage: UnsafeMutablePointer<Record>?
    /// Which chunk it referred to last. The pointer, as naming the object would count its references with every log.
    private(set) var chunkBase: UnsafeMutableRawPointer?

    init(route: PartitionPlan.Route) { self.route = route }

    /// From here on, what the batch costs as a whole is little beside its records.
    private static let enoughRecords = 64
    private static let enoughBytes = 64 * 1024

    /// Worth waiting for more.
    var isThin: Bool { count < OpenBatch.enoughRecords && bytes < OpenBatch.enoughBytes }
    /// What waits for a move to end.
    var isHeldBack: Bool { if case .held = route { true } else { false } }
    var isEmpty: Bool { count == 0 && full.isEmpty }
    var heldBytes: Int { fullBytes + bytes }

    /// - Precondition: `count < room`.
    @inline(__always)
    mutating func append(_ record: Record, lane: Int) {
        unsafe (storage.unsafelyUnwrapped + count).initialize(to: record)
        count &+= 1
        bytes &+= Int(record.count)
        lanes.insert(lane)
    }

    /// Notes where the record appended last came from and who waits for it.
    mutating func noteLast(_ source: RecordSource?, _ receipt: ReceiptKey?) {
        batch?.note(source, receipt, record: count &- 1)
    }

    /// Takes an empty batch, or the one it has with more room.
    mutating func use(_ batch: Batch) {
        self.batch = batch
        unsafe storage = batch.storage
        room = batch.room
    }

    /// Ends the batch.
    mutating func close() -> Batch? {
        guard let batch, count > 0 else { return nil }
        batch.close(count: count, payloadBytes: bytes, lanes: lanes)
        self.batch = nil
        count = 0
        room = 0
        bytes = 0
        lanes = LaneSet()
        unsafe storage = nil
        unsafe chunkBase = nil
        return batch
    }

    mutating func hold(_ batch: Batch) {
        full.append(batch)
        fullBytes += batch.payloadBytes
    }

    /// Lets go of everything that was held, in order.
    mutating func letGo() -> [Batch] {
        var all = full
        if let last = close() { all.append(last) }
        full = []
        fullBytes = 0
        return all
    }

    /// Keeps a chunk until the batch is settled.
    mutating func refer(to chunk: Chunk) {
        unsafe chunkBase = chunk.base
        chunk.references += 1
        batch?.chunks.append(chunk)
    }
}
