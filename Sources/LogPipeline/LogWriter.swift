/// Takes the logs of one loop for one topic: judges them where they lie, encodes them, gathers them in batches.
///
/// Use, all on the loop's thread: `reserve` room, write the message there, `commit` it; at the end of each tick
/// `seal`, then hand every `nextSealed` batch to the flusher; `settled` with each batch that comes back. There is a tick
/// at `gathersUntil` at the latest.
@safe package struct LogWriter: ~Copyable {
    package let topic: TopicIndex
    package let loop: Int
    /// Bytes of accepted logs that were not handed over yet: this tick's, those that gather, and those held back.
    package private(set) var heldBytes = 0
    /// Until when batches may gather, unless they are filled before: monotonic nanoseconds, as of the last `seal`;
    /// `.max` when none does. Who turns the loop sees to it that it is sealed then.
    package private(set) var gathersUntil = UInt64.max
    /// Bytes of it that wait for a lane's earlier records, as of the last `seal`.
    package private(set) var waitingBytes = 0

    private let configuration: LogWriterConfiguration
    private var arena: Arena
    private var plan: PartitionPlan
    private var open = OpenBatches()
    /// For each lane the index in `open` to which it writes, or -1 while that is not known.
    private var slots = [128 of Int](repeating: -1)
    private var sealed: [Batch] = []
    private var nextSealedIndex = 0
    private var sealedLogs = 0
    private var sealedBytes = 0
    private var free: [Batch] = []
    private var trimmedAt: UInt64 = 0

    /// Batches kept for use again; each is small until it was once full.
    private static let mostFree = 256
    private static let trimInterval: UInt64 = 1_000_000_000

    package init(topic: TopicIndex, loop: Int, configuration: LogWriterConfiguration) {
        self.topic = topic
        self.loop = loop
        self.configuration = configuration
        arena = Arena(chunkBytes: configuration.chunkBytes)
        plan = PartitionPlan(loop: loop, configuration: configuration.partitioning)
    }

    /// Whether more may be committed: false over `maxHeldBytes` or `maxArenaBytes`, until batches have been settled
    /// and `seal` was called. Asked beside `Flusher.isReady`.
    ///
    /// Memory that is kept for the next burst does not count: nothing would give it back while nothing is committed.
    ///
    /// `mutating` for the compiler alone: to lend a writer that lies in mutable memory, Swift 6.3 copies its 3 KiB,
    /// with every read of a socket.
    package var isReady: Bool {
        mutating get { waitingBytes < configuration.maxHeldBytes && arena.occupiedBytes < configuration.maxArenaBytes }
    }

    /// Whether there is room for those too that send much: the last quarter is for the others.
    package var hasAmpleRoom: Bool {
        mutating get {
            waitingBytes < configuration.maxHeldBytes / 4 * 3
                && arena.occupiedBytes < configuration.maxArenaBytes / 4 * 3
        }
    }

    /// Whether `seal` has anything to do, be it to give memory back. False: no need to call it.
    package var wantsSeal: Bool {
        mutating get { heldBytes > 0 || !plan.moving.isEmpty || arena.hasSpare }
    }

    /// Bytes of memory that hold payloads or wait for some.
    package var arenaBytes: Int { arena.mappedBytes }

    /// Room for a message of `count` bytes, with what `PaddedText` wants around it. Good until
    /// the next call of a mutating function.
    package mutating func reserve(_ count: Int) -> UnsafeMutableRawPointer {
        arena.reserve(count)
        return unsafe arena.payload
    }

    /// Judges the message that was written to the reserved room.
    ///
    /// - Parameters:
    ///   - count: bytes, at most as many as were reserved.
    ///   - lane: of `LaneSet`; all logs of a connection have the same one.
    ///   - isMarked: whether the message got its marks (`PaddedText.marks`) as it was written.
    package mutating func commit(
        _ count: Int,
        kind: PayloadKind,
        codec: Codec,
        lane: Int,
        at stamp: borrowing ArrivalStamp,
        isMarked: Bool = false
    ) -> Admission {
        let text = unsafe PaddedText(arena.payload, count: count, isMarked: isMarked)
        switch LogPolicy.judge(text, kind: kind, codec: codec) {
        case .relay(let timestamp):
            let own = configuration.recordTimestamp == .log ? Self.ownTimestamp(text, timestamp, stamp) : 0
            return unsafe accept(text.base, count, timestamp: own, lane, stamp)
        case .addTimestamp(let brace, let isEmpty):
            return addTimestamp(text, behind: brace, comma: !isEmpty, lane, stamp)
        case .wrap(let growth):
            return wrap(text, growth: growth, lane, stamp)
        case .drop(let reason):
            return .dropped(reason)
        case .invalidUTF8Text:
            return .invalidUTF8Text
        }
    }

    /// The same for a log whose record has headers, or whose owner wants to know what becomes of it.
    ///
    /// Apart, so that others pay nothing for it.
    /// - Parameters:
    ///   - source: the record's headers.
    ///   - receipt: comes back in `Batch.receipts`.
    package mutating func commit(
        _ count: Int,
        kind: PayloadKind,
        codec: Codec,
        lane: Int,
        at stamp: borrowing ArrivalStamp,
        source: RecordSource? = nil,
        receipt: ReceiptKey? = nil
    ) -> Admission {
        let admission = commit(count, kind: kind, codec: codec, lane: lane, at: stamp)
        guard source != nil || receipt != nil, case .accepted = admission else { return admission }
        open[slots[lane]].noteLast(source, receipt)
        return admission
    }

    /// End of tick: makes ready what may go, each partition's and each lane's records in the order of their commits.
    ///
    /// - Parameters:
    ///   - partitions: how many the topic has (`Flusher.partitions`).
    ///   - now: monotonic nanoseconds.
    ///   - gathering: false to let thin batches go too, as the end is near.
    package mutating func seal(partitions: Int, now: UInt64, gathering: Bool = true) {
        // Lanes with records in an open batch are not busy in the plan's eyes, so none may wait while they could move.
        let mayGather =
            gathering && configuration.gatherTime > 0 && !plan.mayReroute(partitions: partitions, now: now)
        gathersUntil = .max
        for index in open.indices where open[index].count > 0 && !open[index].isHeldBack {
            let before = open[index].readyAt
            if mayGather, now &- before < configuration.gatherTime, open[index].isThin {
                gathersUntil = min(
                    gathersUntil,
                    before &+ configuration.gatherTime &* LogWriterConfiguration.gatherPatience
                )
            } else if let batch = open[index].close() {
                open[index].readyAt = now
                makeReady(batch)
            }
        }
        var rerouted = false
        if !plan.moving.isEmpty, plan.completeMoves() {
            rerouted = true
            letGo()
            _ = plan.align()
        }
        if plan.review(partitions: partitions, logs: sealedLogs, bytes: sealedBytes, now: now) { rerouted = true }
        sealedLogs = 0
        sealedBytes = 0
        if rerouted {
            open.removeEmpty()
            slots = [128 of Int](repeating: -1)
        }
        if waitingBytes > 0 || !plan.moving.isEmpty {
            waitingBytes = 0
            for index in open.indices where open[index].isHeldBack { waitingBytes += open[index].heldBytes }
        }
        if now &- trimmedAt > LogWriter.trimInterval {
            trimmedAt = now
            arena.trim()
        }
    }

    /// The next batch to be handed over; from here on it belongs to the caller, until `settled`.
    package mutating func nextSealed() -> Batch? {
        guard nextSealedIndex < sealed.count else {
            guard nextSealedIndex > 0 else { return nil }
            sealed.removeAll(keepingCapacity: true)
            nextSealedIndex = 0
            return nil
        }
        let batch = sealed[nextSealedIndex]
        nextSealedIndex += 1
        heldBytes -= batch.payloadBytes
        return batch
    }

    /// `seal` and all of `nextSealed` in one.
    package mutating func seal<Failure>(
        partitions: Int,
        now: UInt64,
        flush: (Batch) throws(Failure) -> Void
    ) throws(Failure) {
        seal(partitions: partitions, now: now)
        while let batch = nextSealed() { try flush(batch) }
    }

    /// Takes a settled batch back: its memory and the batch itself are used again.
    package mutating func settled(_ batch: Batch) {
        plan.settled(batch.lanes)
        for chunk in batch.chunks { arena.release(chunk) }
        batch.chunks.removeAll(keepingCapacity: true)
        batch.forgetOrigins()
        if free.count < LogWriter.mostFree { free.append(batch) }
    }
}

extension LogWriter {
    private static func ownTimestamp(
        _ text: borrowing PaddedText,
        _ value: Range<Int>?,
        _ stamp: borrowing ArrivalStamp
    ) -> Int64 {
        guard let value, value.count > 2 else { return 0 }
        let first = unsafe UnsafeRawPointer(text.base + (value.lowerBound + 1)).assumingMemoryBound(to: UInt8.self)
        let inside = unsafe UnsafeBufferPointer(start: first, count: value.count - 2)
        guard text[value.lowerBound] == UInt8(ascii: "\""),
            let moment = unsafe RFC3339.unixMilliseconds(inside.span),
            moment <= stamp.unixMilliseconds + RecordTimestamp.furthestAhead,
            moment >= stamp.unixMilliseconds - RecordTimestamp.furthestBack
        else { return 0 }
        return moment
    }

    private mutating func addTimestamp(
        _ text: borrowing PaddedText,
        behind brace: Int,
        comma: Bool,
        _ lane: Int,
        _ stamp: borrowing ArrivalStamp
    ) -> Admission {
        let opening = comma ? 40 : 39
        // Before anything is written: what is dropped is left as it came.
        guard text.count - brace - 1 + opening <= configuration.maxMessageBytes else {
            return .dropped(.recordTooLarge)
        }
        let start = unsafe text.base + (brace + 1 - opening)
        unsafe stamp.writeOpening(to: start, comma: comma)
        return unsafe accept(start, text.count - brace - 1 + opening, timestamp: 0, lane, stamp)
    }

    /// The text becomes the `message` of an object: where it lies, if nothing in it has to be escaped.
    private mutating func wrap(
        _ text: borrowing PaddedText,
        growth: Int,
        _ lane: Int,
        _ stamp: borrowing ArrivalStamp
    ) -> Admission {
        let inside = text.count + growth
        let count = Arena.front + inside + 2
        guard count <= configuration.maxMessageBytes else { return .dropped(.recordTooLarge) }
        var body = unsafe text.base
        if growth > 0 {
            let original = arena.reserveAnother(after: text.count, inside)
            unsafe JSONEscape.write(text, to: arena.payload)
            unsafe body = arena.payload
            // The escaped text takes the place of the original where that was in the same chunk.
            if arena.chunk === original {
                unsafe text.base.copyMemory(from: body, byteCount: inside)
                unsafe body = text.base
            }
        }
        let start = unsafe body - Arena.front
        unsafe stamp.writeOpening(to: start)
        let name: StaticString = "\"message\":\""
        unsafe (start + 40).copyMemory(from: name.utf8Start, byteCount: 11)
        unsafe body.storeBytes(of: UInt8(ascii: "\""), toByteOffset: inside, as: UInt8.self)
        unsafe body.storeBytes(of: UInt8(ascii: "}"), toByteOffset: inside + 1, as: UInt8.self)
        return unsafe accept(start, count, timestamp: 0, lane, stamp)
    }

    // Called and not inlined, it took 32 instructions more of the 1,125 that a log then had.
    @inline(__always)
    private mutating func accept(
        _ start: UnsafeMutableRawPointer,
        _ count: Int,
        timestamp: Int64,
        _ lane: Int,
        _ stamp: borrowing ArrivalStamp
    ) -> Admission {
        guard count <= configuration.maxMessageBytes else { return .dropped(.recordTooLarge) }
        var slot = slots[lane]
        if slot < 0 { slot = findSlot(lane) }
        if open[slot].count == open[slot].room { makeRoom(slot, stamp.monotonic) }
        let record = unsafe Record(payload: start, count: count, timestamp: timestamp)
        open[slot].append(record, lane: lane)
        if unsafe open[slot].chunkBase != arena.chunkBase { refer(slot) }
        unsafe arena.commit(through: start + count)
        heldBytes &+= count
        return .accepted
    }

    @inline(never)
    private mutating func findSlot(_ lane: Int) -> Int {
        let route = plan.route(of: lane)
        let slot: Int
        if let index = indexOfOpen(route) {
            slot = index
        } else {
            slot = open.count
            open.append(OpenBatch(route: route))
        }
        slots[lane] = slot
        return slot
    }

    @inline(never)
    private mutating func refer(_ slot: Int) { open[slot].refer(to: arena.chunk) }

    private func indexOfOpen(_ route: PartitionPlan.Route) -> Int? {
        for index in open.indices where open[index].route == route { return index }
        return nil
    }

    @inline(never)
    private mutating func makeRoom(_ slot: Int, _ now: UInt64) {
        if let batch = open[slot].batch, batch.room < batch.capacity {
            batch.grow(keeping: open[slot].count)
            open[slot].use(batch)
            return
        }
        let partition: Int32
        switch open[slot].route {
        case .partition(let number):
            if let full = open[slot].close() { makeReady(full) }
            partition = number
        case .held(_, let to):
            if let full = open[slot].close() { open[slot].hold(full) }
            partition = to
        }
        let batch = free.popLast() ?? Batch(capacity: configuration.bulkMaxSize)
        batch.open(topic: topic, loop: loop, partition: partition, receivedAt: now)
        open[slot].use(batch)
    }

    private mutating func makeReady(_ batch: Batch) {
        plan.handedOver(batch.lanes)
        sealedLogs += batch.count
        sealedBytes += batch.payloadBytes
        sealed.append(batch)
    }

    /// What was held for moves that are complete.
    private mutating func letGo() {
        for index in open.indices {
            guard case .held(let from, let to) = open[index].route, !plan.isMoving(from: from, to: to) else {
                continue
            }
            for batch in open[index].letGo() { makeReady(batch) }
        }
    }
}
