internal import CRdKafka
internal import LogPipeline

/// A partition that is held: its records, and the decisions about them.
struct HeldPartition {
    let topic: KafkaTopic
    let partition: KafkaPartition
    var hold: PartitionHold
    private(set) var records: [HeldRecord] = []
    /// Why; nil while only records at fault are looked for.
    private(set) var reason: HoldReason?
    /// `PartitionHold.drained` is owed as soon as nothing is in flight.
    var awaitsDrain = true
    /// Everything went out; only new records that wait in the inbox keep it from being released.
    var isReleasing = false
    private var refused = 0
    /// Records that came back because of another one.
    private var bystanders = 0
    private var isSorted = true
    /// The record that was refused alone last, and how often in a row.
    private var alone: (ticket: UInt64, index: Int, attempts: Int)?
    /// When one was first refused so with INVALID_RECORD, nanoseconds.
    private var inDoubtSince: UInt64?
    /// The place of the earliest record that was refused, for `isOvertaken`.
    private var earliest: (ticket: UInt64, index: Int)?

    init(topic: KafkaTopic, partition: KafkaPartition, hold: PartitionHold) {
        self.topic = topic
        self.partition = partition
        self.hold = hold
    }

    /// Takes a record that Kafka or librdkafka did not take.
    mutating func add(_ record: HeldRecord, reason: HoldReason?) {
        if record.isBystander { bystanders += 1 } else if record.fault == nil { refused += 1 }
        if let reason { self.reason = reason }
        append(record)
        awaitsDrain = true
        let place = (ticket: record.batch.ticket, index: record.index)
        if earliest.map({ place < $0 }) ?? true { earliest = place }
    }

    /// Takes a whole batch that arrived while the partition was held.
    mutating func add(waiting batch: Batch) {
        let settled = Set(batch.drops.map(\.record))
        for index in 0..<batch.count where !settled.contains(index) {
            append(HeldRecord(batch: batch, index: index))
        }
    }

    private mutating func append(_ record: HeldRecord) {
        if let last = records.last, HeldRecord.precedes(record, last) { isSorted = false }
        records.append(record)
    }

    /// Whether a record just stored is later than one that is held.
    func isOvertaken(by batch: Batch, index: Int) -> Bool {
        guard let earliest else { return false }
        return earliest < (batch.ticket, index)
    }

    /// Sorts what is held by arrival and says what came back since the last time.
    mutating func drained() -> PartitionHold.Drained {
        if !isSorted { records.sort(by: HeldRecord.precedes) }
        isSorted = true
        let faulty = records.count { $0.fault != nil }
        let kept = records.count { $0.isKept }
        defer { (refused, bystanders) = (0, 0) }
        return PartitionHold.Drained(
            held: records.count,
            faulty: faulty,
            suspects: (records.lastIndex { $0.fault != nil || $0.isKept } ?? -1) + 1,
            // Nobody being at fault, they are tried again no sooner than others.
            refused: refused + kept + (faulty + kept == 0 ? bystanders : 0),
            isKept: kept > 0
        )
    }

    /// The one record at fault of what came back, if there is one alone.
    ///
    /// - Parameter timestamped: whether records may have timestamps of their own.
    mutating func refusedAlone(timestamped: Bool, now: UInt64) -> LoneRefusal? {
        guard refused == 0, let first = records.firstIndex(where: { $0.fault != nil }),
            records[(first + 1)...].allSatisfy({ $0.fault == nil })
        else { return nil }
        let record = records[first]
        let place = (record.batch.ticket, record.index)
        let before = alone.map { ($0.ticket, $0.index) == place ? $0.attempts : 0 } ?? 0
        alone = (record.batch.ticket, record.index, before + 1)
        if record.code == RD_KAFKA_RESP_ERR_INVALID_RECORD, inDoubtSince == nil { inDoubtSince = now }
        return LoneRefusal(
            code: record.code,
            hasOwnTimestamp: unsafe timestamped && record.batch.records[record.index].timestamp != 0,
            isNamed: bystanders > 0,
            attempts: before + 1,
            age: now - (inDoubtSince ?? now)
        )
    }

    /// The one record at fault is not dropped but offered again after a wait.
    mutating func keep(_ reason: HoldReason?) {
        guard let first = records.firstIndex(where: { $0.fault != nil }) else { return }
        (records[first].fault, records[first].isKept) = (nil, true)
        self.reason = reason
    }

    /// The topic is known to be at fault: an answer that clears it later may be an old one.
    mutating func blameTopic() { inDoubtSince = nil }

    /// Removes the first records, for a probe or for the release.
    mutating func takeFirst(_ count: Int) -> [HeldRecord] {
        var taken = Array(records.prefix(count))
        records.removeFirst(taken.count)
        for index in taken.indices { taken[index].forget() }
        // What is left is later than all that has ever been in flight.
        earliest = nil
        return taken
    }

    /// Removes the records for which this holds.
    mutating func remove(where isDoomed: (HeldRecord) -> Bool) -> [HeldRecord] {
        let doomed = records.filter(isDoomed)
        if !doomed.isEmpty { records.removeAll(where: isDoomed) }
        return doomed
    }

    mutating func clearFaults() {
        for index in records.indices where records[index].fault != nil || records[index].isKept {
            (records[index].fault, records[index].isKept) = (nil, false)
        }
    }

    /// Something came back while the partition was about to be released.
    mutating func interruptRelease() {
        guard isReleasing else { return }
        isReleasing = false
        hold.reopen()
    }

    /// The producer was replaced; nothing is in flight.
    mutating func restarted(now: UInt64) {
        _ = drained()
        clearFaults()
        hold.restarted(now: now)
        awaitsDrain = false
        isReleasing = false
    }

    /// Metadata was answered but not as hoped.
    mutating func learned(_ reason: HoldReason) { self.reason = reason }
}
