internal import CRdKafka
internal import LogPipeline
internal import Synchronization
internal import Telemetry

/// The thread that takes librdkafka's events, settles batches and keeps what Kafka refuses.
struct DeliveryThread: ~Copyable {
    private let state: ProducerState
    private let watch: BrokerWatch
    private let reader = ReportReader()
    private var keeper: HoldKeeper
    private let handOver: HandOver
    /// When batches that wait for their partition's next request are due, nanoseconds.
    private var nextPass = UInt64.max
    private var handle: KafkaHandle
    private var health: HealthWatch
    private var replacement: ProducerReplacement
    /// Whole batches by loop, posted once a turn.
    private var whole: [[Batch]]
    /// Topics whose readiness or partitions have changed in this turn.
    private var changed: Set<TopicIndex> = []
    /// Not known to librdkafka yet.
    private var newTopics: [KafkaTopic] = []
    /// Before this it is not tried again to make them known: nanoseconds.
    private var nextTopics: UInt64 = 0

    init(_ state: ProducerState, watch: BrokerWatch) {
        self.state = state
        self.watch = watch
        keeper = HoldKeeper(state)
        handOver = HandOver(
            capacity: state.configuration.bulkMaxSize,
            timestamped: state.configuration.recordTimestamp == .log
        )
        handle = state.handle
        health = HealthWatch(state)
        replacement = ProducerReplacement(
            backoff: Backoff(
                initial: state.configuration.backoffInitialMilliseconds,
                maximum: state.configuration.backoffMaximumMilliseconds
            )
        )
        whole = Array(repeating: [], count: state.sinks.count)
    }

    mutating func run() {
        while true {
            let now = Instant.now()
            if hasToStop(now) { break }
            var event = unsafe handle.poll(milliseconds: timeout(now))
            // Bounded, so that settlements do not wait for a queue that never empties.
            var budget = 64
            while let next = unsafe event {
                unsafe take(next)
                unsafe handle.destroy(event: next)
                budget -= 1
                unsafe event = budget > 0 ? handle.poll(milliseconds: 0) : nil
            }
            turn(Instant.now())
        }
        finish()
    }

    private mutating func turn(_ now: UInt64) {
        takePosts(now)
        replace(now)
        keeper.step(now: now)
        for batch in keeper.takeWhole() { finish(batch) }
        passWaiting(now)
        health.update(now: now) { keeper.reason(of: $0) }
        changed.formUnion(health.takeChanged())
        let wishes = keeper.takeWishes()
        if wishes.limits { health.askLimits(now: now) }
        if health.wantsLimits(now: now) { handle.describe(topics: health.describable, milliseconds: 3_000) }
        if wishes.metadata || health.wantsMetadata(now: now) { watch.ask() }
        post()
    }

    /// Gives librdkafka the next request of every partition of which nothing is in flight.
    private mutating func passWaiting(_ now: UInt64) {
        nextPass = .max
        guard let limits = state.requestLimits else { return }
        let urgent = state.isUrgent.load(ordering: .relaxed)
        for topic in state.topics {
            for partition in topic.table.partitions where !partition.waiting.isEmpty {
                guard partition.inFlight.load(ordering: .sequentiallyConsistent) == 0 else { continue }
                let due = urgent ? 0 : partition.waiting.due(limits)
                if due > now {
                    nextPass = min(nextPass, due)
                } else {
                    partition.waiting.drain(now: now, limits) { handOver.pass($0, of: partition, in: topic, state) }
                    // A held partition puts nothing in flight, so nothing would make this thread look again.
                    if !partition.waiting.isEmpty { nextPass = now }
                }
            }
        }
    }

    /// Milliseconds until something is to be done without an event.
    private func timeout(_ now: UInt64) -> Int32 {
        var until = now + 1_000_000_000
        until = min(until, nextPass, health.nextDeadline, keeper.nextDeadline ?? until)
        // Loops that were just about to hand over do not wake this thread when they are done.
        if replacement.isActive { until = min(until, now + 10_000_000) }
        let stopAt = state.stopAt.load(ordering: .sequentiallyConsistent)
        if stopAt > 0 { until = min(until, stopAt, now + 20_000_000) }
        return until > now ? Int32((until - now + 999_999) / 1_000_000) : 0
    }

    private func hasToStop(_ now: UInt64) -> Bool {
        let stopAt = state.stopAt.load(ordering: .sequentiallyConsistent)
        return stopAt > 0 && (now >= stopAt || state.unsettled.load(ordering: .relaxed) == 0)
    }
}

// Events.
extension DeliveryThread {
    private mutating func take(_ event: OpaquePointer) {
        switch unsafe rd_kafka_event_type(event) {
        case RD_KAFKA_EVENT_DR: unsafe takeReports(event)
        case RD_KAFKA_EVENT_ERROR: unsafe takeError(event)
        case RD_KAFKA_EVENT_LOG: unsafe KafkaLog.write(event, to: state.logger)
        case RD_KAFKA_EVENT_STATS:
            let head = unsafe ProducerStatistics.head(of: event)
            state.statistics.withLock { $0 = head }
        case RD_KAFKA_EVENT_DESCRIBECONFIGS_RESULT: takeLimits(unsafe TopicLimits(event))
        default: break
        }
    }

    private mutating func takeReports(_ event: OpaquePointer) {
        var delivered = 0
        unsafe reader.read(event, isHeld: { state.partition(of: $0).isHeld.load(ordering: .relaxed) }) { report in
            switch report {
            case .delivered(let batch, let count):
                delivered += count
                settle(batch, count)
            case .deliveredWhileHeld(let batch, let record):
                delivered += 1
                if keeper.isOvertaken(by: batch, index: record) { state.reordered.add(1, ordering: .relaxed) }
                settle(batch, 1)
            case .failed(let batch, let record, let code, let mayBeStored):
                guard KafkaErrorClass(code) != .delivered else {
                    delivered += 1
                    return settle(batch, 1)
                }
                keeper.failed(batch, index: record, code: code, mayBeStored: mayBeStored)
                // After the keeper has it: a partition without records in flight is a partition to decide on.
                state.partition(of: batch).inFlight.subtract(1, ordering: .sequentiallyConsistent)
            }
        }
        if delivered > 0 { health.delivered(now: Instant.now()) }
    }

    private mutating func settle(_ batch: Batch, _ count: Int) {
        let partition = state.partition(of: batch)
        state.unsettled.subtract(count, ordering: .relaxed)
        health.progressed(batch)
        if batch.settleDelivered(count) { finish(batch) }
        partition.inFlight.subtract(count, ordering: .sequentiallyConsistent)
    }

    /// The batch goes back to its loop.
    private mutating func finish(_ batch: Batch) {
        switch state.topic(of: batch).gate.remove(batch) {
        case .none: break
        case .thisTopic: changed.insert(batch.topic)
        case .everyTopic: changed.formUnion(state.topics.map(\.index))
        }
        whole[batch.loop].append(batch)
        unsafe Unmanaged.passUnretained(batch).release()
    }

    private mutating func takeError(_ event: OpaquePointer) {
        let code = unsafe rd_kafka_event_error(event)
        let text = unsafe String(cString: rd_kafka_event_error_string(event))
        // The event of a fatal error carries the code that led to it.
        guard unsafe rd_kafka_event_error_is_fatal(event) == 0, code != RD_KAFKA_RESP_ERR__FATAL else {
            return begin(.fatal(handle.fatalError() ?? text))
        }
        health.brokerError(HoldReason(code), text: text)
    }

    private mutating func takeLimits(_ limits: TopicLimits) {
        health.learned(limits)
        keeper.learned(limits)
        let wanted = health.batchBytes
        if wanted < handle.batchBytes { begin(.smallerBatches(wanted)) }
    }

    private mutating func begin(_ cause: ProducerReplacement.Cause) {
        if case .fatal(let reason) = cause, replacement.fatalText == nil {
            state.logger.error("kafka.producer_failed", ["detail": reason])
        }
        replacement.begin(cause)
    }

    private mutating func takePosts(_ now: UInt64) {
        for post in state.inbox.take(partition: { state.partition(of: $0) }) {
            switch post {
            case .batch(let batch): keeper.waiting(batch)
            case .refused(let batch, let refusals): keeper.refused(batch, refusals)
            case .whole(let batch): finish(batch)
            case .metadata(let metadata):
                for topic in health.answered(metadata, isSuspended: keeper.isSuspended, now: now) {
                    keeper.encourage(topic, now: now)
                }
                keeper.answered(metadata, now: now)
            case .noMetadata(let reason, let asked):
                health.unanswered(reason, asked: asked, now: now)
                keeper.answered(nil, now: now)
            case .limits(let limits): takeLimits(limits)
            case .newTopic(let topic): newTopics.append(topic)
            case .usedAgain(let topic): health.askAgain(topic)
            case .wake: break
            }
        }
        addTopics(now)
    }

    /// Topics that came after the start. While the producer is replaced they wait: their partitions would not be held.
    private mutating func addTopics(_ now: UInt64) {
        guard !newTopics.isEmpty, now >= nextTopics, !keeper.isSuspended, !replacement.isActive else { return }
        do throws(FlusherError) {
            try state.equip(handle)
            newTopics = []
            health.addTopics()
        } catch {
            state.logger.error("kafka.topic_failed", ["detail": error.description])
            nextTopics = now + 10_000_000_000
        }
    }
}

// The producer's end.
extension DeliveryThread {
    /// Goes on with replacing the producer, if that is under way.
    private mutating func replace(_ now: UInt64) {
        switch replacement.step(now: now, isEmpty: keeper.isSuspended && keeper.isNothingInFlight) {
        case .nothing: break
        case .holdEverything:
            health.replacing(replacement.fatalText)
            keeper.holdEverything()
        case .takeBack: handle.purge(inFlight: true)
        case .makeProducer(let batchBytes): makeProducer(batchBytes ?? handle.batchBytes, now: now)
        }
    }

    private mutating func makeProducer(_ batchBytes: Int, now: UInt64) {
        do throws(FlusherError) {
            let made = try state.makeHandle(batchBytes: batchBytes)
            try state.equip(made)
            state.handle = made
            handle = made
            state.replacements.add(1, ordering: .relaxed)
            state.logger.info("kafka.producer_replaced", ["batch_bytes": String(batchBytes)])
            replacement.done(now: now)
            health.replacing(nil)
            keeper.restarted(now: now)
        } catch {
            state.logger.error("kafka.producer_failed", ["detail": error.description])
            replacement.failed(now: now)
        }
    }

    /// Gives whole batches and news to the loops.
    private mutating func post() {
        for loop in whole.indices where !whole[loop].isEmpty {
            let batches = whole[loop]
            whole[loop] = []
            state.sinks[loop].settled(batches)
        }
        guard !changed.isEmpty else { return }
        state.tell(changed)
        changed = []
    }

    private mutating func finish() {
        // Batches of which nothing was left to deliver count for nothing that is waited for.
        takePosts(Instant.now())
        post()
        state.hasEnded.store(true, ordering: .releasing)
        let left = state.unsettled.load(ordering: .relaxed)
        guard left > 0 else { return }
        state.logger.error("kafka.unsettled", ["records": String(left)])
        // Payloads of what is left stay where they are: batches not whole are never given back.
        handle.purge(inFlight: true)
    }
}
