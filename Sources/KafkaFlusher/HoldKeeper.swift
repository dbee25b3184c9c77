internal import CRdKafka
internal import LogPipeline
internal import Synchronization

/// The partitions that are held, and what is to be done about them. The delivery thread's.
struct HoldKeeper: ~Copyable {
    struct Key: Hashable {
        let topic: Int
        let partition: Int32
    }

    private let state: ProducerState
    private let handOver: HandOver
    private var held: [Key: HeldPartition] = [:]
    private var random = SystemRandomNumberGenerator()
    /// Batches that dropping a record has made whole, since this was last emptied.
    private var whole: [Batch] = []
    /// Somebody waits for metadata.
    private(set) var wantsMetadata = false
    /// A topic refused a record for its size: its limit may have changed.
    private(set) var wantsLimits = false
    /// Topics whose records need keys, by the last answer about each.
    private var compacted: Set<Int> = []
    /// Topics whose `cleanup.policy` was asked for and not answered.
    private var awaitedKeys: Set<Int> = []
    /// Nothing is decided while the producer is replaced.
    var isSuspended = false

    init(_ state: ProducerState) {
        self.state = state
        handOver = HandOver(
            capacity: state.configuration.bulkMaxSize,
            timestamped: state.configuration.recordTimestamp == .log
        )
    }

    var isEmpty: Bool { held.isEmpty }

    mutating func takeWhole() -> [Batch] {
        defer { whole = [] }
        return whole
    }

    mutating func takeWishes() -> (metadata: Bool, limits: Bool) {
        defer {
            wantsMetadata = false
            wantsLimits = false
        }
        return (wantsMetadata, wantsLimits)
    }

    private func key(_ batch: Batch) -> Key { Key(topic: batch.topic.rawValue, partition: batch.partition) }

    private mutating func change(
        topic: KafkaTopic,
        partition: KafkaPartition,
        _ body: (inout HeldPartition) -> Void
    ) {
        let key = Key(topic: topic.index.rawValue, partition: partition.number)
        if held[key] == nil {
            state.inbox.hold(partition)
            let backoff = Backoff(
                initial: state.configuration.backoffInitialMilliseconds,
                maximum: state.configuration.backoffMaximumMilliseconds
            )
            held[key] = HeldPartition(topic: topic, partition: partition, hold: PartitionHold(backoff: backoff))
        }
        // Taken out and put back, so that its records are not copied.
        guard var entry = held.removeValue(forKey: key) else { return }
        body(&entry)
        held[key] = entry
    }
}

// What comes in.
extension HoldKeeper {
    /// A record that came back.
    mutating func failed(_ batch: Batch, index: Int, code: rd_kafka_resp_err_t, mayBeStored: Bool) {
        var record = HeldRecord(batch: batch, index: index, mayBeStored: mayBeStored)
        var reason: HoldReason?
        switch KafkaErrorClass(code) {
        case .delivered: return
        case .recordFault(let fault):
            (record.fault, record.code) = (fault, code)
            if fault == .recordTooLarge { wantsLimits = true }
        case .hold where code.rawValue == KafkaFaultTable.refusedWithAnother: record.isBystander = true
        case .hold(let why): reason = why
        }
        change(topic: state.topic(of: batch), partition: state.partition(of: batch)) {
            $0.interruptRelease()
            $0.add(record, reason: reason)
        }
    }

    /// Records that librdkafka did not take from a loop.
    mutating func refused(_ batch: Batch, _ refusals: [Refusal]) {
        for refusal in refusals {
            failed(batch, index: refusal.index, code: refusal.code, mayBeStored: false)
        }
        state.partition(of: batch).inFlight.subtract(refusals.count, ordering: .sequentiallyConsistent)
    }

    /// A batch that arrived while its partition was held.
    mutating func waiting(_ batch: Batch) {
        change(topic: state.topic(of: batch), partition: state.partition(of: batch)) { $0.add(waiting: batch) }
    }

    /// Whether a record just stored has overtaken one that is held.
    func isOvertaken(by batch: Batch, index: Int) -> Bool {
        held[key(batch)]?.isOvertaken(by: batch, index: index) ?? false
    }

    /// What brokers say of the topics.
    mutating func learned(_ limits: TopicLimits) {
        for topic in state.topics where limits.answered.contains(topic.name) {
            let index = topic.index.rawValue
            awaitedKeys.remove(index)
            // An answer that Sluice may not have takes no evidence away.
            switch limits.compacted[topic.name] {
            case true?: compacted.insert(index)
            case false?: compacted.remove(index)
            case nil: break
            }
        }
    }

    /// Holds every partition of every topic, to replace the producer.
    mutating func holdEverything() {
        isSuspended = true
        for topic in state.topics {
            for partition in topic.table.partitions { change(topic: topic, partition: partition) { _ in } }
        }
    }

    /// Whether librdkafka has nothing of any partition.
    var isNothingInFlight: Bool {
        state.topics.allSatisfy { topic in
            topic.table.partitions.allSatisfy { $0.inFlight.load(ordering: .sequentiallyConsistent) == 0 }
        }
    }

    /// The producer was replaced.
    mutating func restarted(now: UInt64) {
        // Partitions that came meanwhile began held: without an entry nothing would ever release them.
        for topic in state.topics {
            for partition in topic.table.partitions where partition.isHeld.load(ordering: .relaxed) {
                change(topic: topic, partition: partition) { _ in }
            }
        }
        isSuspended = false
        for key in Array(held.keys) {
            held[key]?.restarted(now: now)
        }
    }
}

// What is decided.
extension HoldKeeper {
    /// When `step` has something to do by itself; nil: not before something happens.
    var nextDeadline: UInt64? {
        guard !isSuspended else { return nil }
        var next: UInt64?
        for entry in held.values {
            guard case .waiting(let until) = entry.hold.phase else { continue }
            next = min(next ?? until, until)
        }
        return next
    }

    /// Why partitions of a topic are held, other than to find records at fault.
    func reason(of topic: KafkaTopic) -> HoldReason? {
        for (key, entry) in held where key.topic == topic.index.rawValue {
            if let reason = entry.reason, !entry.hold.isIsolating { return reason }
        }
        return nil
    }

    /// Looks at every held partition of which nothing is in flight, and at every deadline.
    mutating func step(now: UInt64) {
        guard !isSuspended, !held.isEmpty else { return }
        let urgent = state.isUrgent.load(ordering: .relaxed)
        for key in Array(held.keys) {
            guard var entry = held.removeValue(forKey: key) else { continue }
            if urgent { entry.hold.hasten(latest: now + 500_000_000) }
            if step(&entry, now: now) { held[key] = entry }
        }
    }

    /// - Returns: whether the partition is still held.
    private mutating func step(_ entry: inout HeldPartition, now: UInt64) -> Bool {
        if entry.isReleasing { return !release(&entry, now: now) }
        if case .waiting = entry.hold.phase {
            return !perform(entry.hold.deadline(now: now), on: &entry, now: now)
        }
        guard entry.awaitsDrain, entry.partition.inFlight.load(ordering: .sequentiallyConsistent) == 0 else {
            return true
        }
        entry.awaitsDrain = false
        dropTooLarge(&entry)
        judge(&entry, now: now)
        let action = entry.hold.drained(entry.drained(), now: now, random: random.next())
        return !perform(action, on: &entry, now: now)
    }

    /// Metadata was answered; nil: it was not.
    mutating func answered(_ metadata: ClusterMetadata?, now: UInt64) {
        // Whoever replaces the producer asks again.
        guard !isSuspended else { return }
        if metadata != nil { moveFromVanishedPartitions() }
        for key in Array(held.keys) {
            guard var entry = held.removeValue(forKey: key) else { continue }
            let topic = metadata?.topics[entry.topic.name]
            if let problem = topic?.problem { entry.learned(problem) }
            let action = entry.hold.answered(
                usable: topic != nil && topic?.problem == nil,
                held: entry.records.count,
                now: now,
                random: random.next()
            )
            if !perform(action, on: &entry, now: now) { held[key] = entry }
        }
    }

    /// The topic can be written to again, as far as one partition or metadata shows: its others need not wait long.
    mutating func encourage(_ topic: KafkaTopic, now: UInt64) {
        for key in Array(held.keys) where key.topic == topic.index.rawValue {
            held[key]?.hold.hasten(latest: now)
        }
    }

    /// A topic made anew may have fewer partitions: what is held for the others goes to those that are left.
    private mutating func moveFromVanishedPartitions() {
        for key in Array(held.keys) {
            guard let entry = held[key], entry.hold.phase == .asking else { continue }
            let count = entry.topic.partitionCount.load(ordering: .acquiring)
            guard Int(entry.partition.number) >= count else { continue }
            let target = entry.topic.table.partitions[Int(entry.partition.number) % count]
            let records = held[key]?.takeFirst(entry.records.count) ?? []
            var last: Batch?
            for record in records where record.batch !== last {
                record.batch.move(to: target.number)
                record.batch.ticket = target.nextTicket()
                last = record.batch
            }
            change(topic: entry.topic, partition: target) { entry in
                for record in records { entry.add(record, reason: .takenBack) }
            }
        }
    }

    /// - Returns: whether the partition was released.
    private mutating func perform(
        _ action: PartitionHold.Action,
        on entry: inout HeldPartition,
        now: UInt64
    ) -> Bool {
        switch action {
        case .nothing, .wait: return false
        case .askMetadata:
            wantsMetadata = true
            return false
        case .probe(let count):
            entry.clearFaults()
            produce(entry.takeFirst(count), of: &entry)
            entry.awaitsDrain = true
            return false
        case .dropFaulty:
            drop(entry.remove { $0.fault != nil })
            let next = entry.hold.drained(entry.drained(), now: now, random: random.next())
            return perform(next, on: &entry, now: now)
        case .release:
            entry.isReleasing = true
            encourage(entry.topic, now: now)
            return release(&entry, now: now)
        }
    }

    private mutating func release(_ entry: inout HeldPartition, now: UInt64) -> Bool {
        if !entry.records.isEmpty { produce(entry.takeFirst(entry.records.count), of: &entry) }
        return entry.isReleasing && state.inbox.release(entry.partition)
    }

    private mutating func produce(_ records: [HeldRecord], of entry: inout HeldPartition) {
        guard !records.isEmpty else { return }
        guard let handle = unsafe entry.topic.topicHandle else {
            for record in records { putBack(record, code: RD_KAFKA_RESP_ERR__RETRY, in: &entry) }
            return
        }
        let uncertain = records.count(where: \.mayBeStored)
        if uncertain > 0 { state.uncertain.add(uncertain, ordering: .relaxed) }
        entry.partition.inFlight.add(records.count, ordering: .sequentiallyConsistent)
        var rest = records[...]
        while !rest.isEmpty {
            let slice = rest.prefix(state.configuration.bulkMaxSize)
            rest = rest.dropFirst(slice.count)
            let refusals = unsafe handOver.produce(
                slice,
                state: state,
                topic: handle,
                partition: entry.partition.number
            )
            for refusal in refusals { putBack(slice[slice.startIndex + refusal.index], code: refusal.code, in: &entry) }
            entry.partition.inFlight.subtract(refusals.count, ordering: .sequentiallyConsistent)
        }
    }

    private mutating func putBack(_ record: HeldRecord, code: rd_kafka_resp_err_t, in entry: inout HeldPartition) {
        var record = record
        entry.interruptRelease()
        switch KafkaErrorClass(code) {
        case .recordFault(let fault):
            (record.fault, record.code) = (fault, code)
            entry.add(record, reason: nil)
        case .hold(let why): entry.add(record, reason: why)
        case .delivered: entry.add(record, reason: .takenBack)
        }
    }

    /// Keeps a record that was refused alone, where that need not be its own fault.
    private mutating func judge(_ entry: inout HeldPartition, now: UInt64) {
        let timestamped = state.configuration.recordTimestamp == .log
        guard let refusal = entry.refusedAlone(timestamped: timestamped, now: now) else { return }
        let topic = entry.topic.index.rawValue
        let keys: LoneRefusal.Keys =
            if compacted.contains(topic) { .needed } else { awaitedKeys.contains(topic) ? .awaited : .notNeeded }
        // What was known before may have been altered since: presumably that is why the record was refused. Those behind
        // one that is dropped are judged by the answer as well.
        let isAboutKeys = refusal.code == RD_KAFKA_RESP_ERR_INVALID_RECORD
        if isAboutKeys { wantsLimits = true }
        guard case .keep(let reason) = refusal.verdict(keys: keys) else { return }
        entry.keep(reason)
        guard isAboutKeys else { return }
        awaitedKeys.insert(topic)
        if keys == .needed { entry.blameTopic() }
    }

    private mutating func dropTooLarge(_ entry: inout HeldPartition) {
        let limit = entry.topic.recordLimit.load(ordering: .relaxed)
        guard limit < .max else { return }
        drop(entry.remove { $0.batch.bytes(ofRecord: $0.index) > limit }, as: .recordTooLarge)
    }

    private mutating func drop(_ records: [HeldRecord], as reason: DropReason? = nil) {
        for record in records {
            let verdict = reason ?? record.fault ?? .recordRefused
            state.unsettled.subtract(1, ordering: .relaxed)
            if record.batch.settleDropped(record: record.index, reason: verdict) { whole.append(record.batch) }
        }
    }
}
