import CRdKafka
import LogPipeline
import Testing

@testable import KafkaFlusher

/// What becomes of records that Kafka refuses one by one, without Kafka.
struct LoneRefusalTests {
    private static let (message, record, timestamp) = (
        RD_KAFKA_RESP_ERR_INVALID_MSG, RD_KAFKA_RESP_ERR_INVALID_RECORD, RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP
    )

    private func verdict(
        _ code: rd_kafka_resp_err_t,
        own: Bool = false,
        named: Bool = false,
        _ attempts: Int = 1,
        seconds: UInt64 = 0,
        keys: LoneRefusal.Keys = .notNeeded
    ) -> LoneRefusal.Verdict {
        LoneRefusal(
            code: code,
            hasOwnTimestamp: own,
            isNamed: named,
            attempts: attempts,
            age: seconds * 1_000_000_000
        ).verdict(keys: keys)
    }

    @Test func whatNeedNotBeTheRecordsFaultIsKept() {
        #expect(verdict(Self.message) == .keep(nil) && verdict(Self.message, 2) == .drop)
        #expect(verdict(Self.timestamp, 100) == .keep(.configuration(32)))
        #expect(verdict(Self.timestamp, own: true) == .drop)
        #expect(verdict(Self.record, 100, seconds: 1_000, keys: .needed) == .keep(.configuration(87)))
        #expect(verdict(Self.record, seconds: 29, keys: .awaited) == .keep(nil))
        // A broker that has not learned of a change yet may have answered.
        #expect(verdict(Self.record, seconds: 1, keys: .notNeeded) == .keep(nil))
        #expect(verdict(Self.record, seconds: 2, keys: .notNeeded) == .drop)
        #expect(verdict(RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE) == .drop)
    }

    @Test func anAnswerThatNeverComesHoldsNobodyForEver() {
        #expect(verdict(Self.record, 2, seconds: 3_000, keys: .awaited) == .keep(nil))
        #expect(verdict(Self.record, 3, seconds: 29, keys: .awaited) == .keep(nil))
        #expect(verdict(Self.record, 3, seconds: 30, keys: .awaited) == .drop)
    }

    @Test func whomKafkaNamesAmongOthersIsAtFault() {
        #expect(verdict(Self.record, named: true, keys: .awaited) == .drop)
        #expect(verdict(Self.record, named: true, keys: .needed) == .keep(.configuration(87)))
    }

    @Test func onlyAnAnswerAboutTheTopicIsOne() {
        #expect(TopicLimits.isAnswer(RD_KAFKA_RESP_ERR_NO_ERROR))
        #expect(TopicLimits.isAnswer(RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED))
        #expect(!TopicLimits.isAnswer(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART))
        #expect(!TopicLimits.isAnswer(RD_KAFKA_RESP_ERR__TIMED_OUT))
    }

    /// Partitions learn of a change one after the other: the answer that clears a topic, held for an hour, may be ahead
    /// of this one's leader.
    @Test func aTopicThatWasKnownToBeAtFaultIsDoubtedAnewWhenItIsCleared() {
        var refusals = 0
        var play = Play(keys: { $0 < 3_600_000 ? .needed : .notNeeded }) { _, now in
            if now >= 3_600_000 { refusals += 1 }
            return refusals < 2 ? Self.record : nil
        }
        let isOver = play.run(10)
        #expect(isOver)
        #expect(play.dropped.isEmpty && play.stored == Array(0..<10))
    }

    @Test(arguments: [
        ("compact", true), ("delete,compact", true), ("compact, delete", true), ("delete", false), ("", false),
        ("compaction", false),
    ])
    func aCompactedTopicIsKnownByItsPolicy(_ policy: String, _ isCompacted: Bool) {
        #expect(TopicLimits.compacts(policy) == isCompacted)
    }

    /// One partition, and a Kafka that refuses a request as a whole for the first record that it does not like.
    private struct Play {
        var entry: HeldPartition
        let batch: Batch
        let keys: (UInt64) -> LoneRefusal.Keys
        /// By record and time in milliseconds.
        let refusal: (Int, UInt64) -> rd_kafka_resp_err_t?
        var now: UInt64 = 0
        var stored: [Int] = []
        var dropped: [Int] = []
        /// What `/readyz` said, one after the other.
        var said: [HoldReason] = []

        init(
            keys: @escaping (UInt64) -> LoneRefusal.Keys = { _ in .notNeeded },
            _ refusal: @escaping (Int, UInt64) -> rd_kafka_resp_err_t?
        ) {
            batch = Batch(capacity: 200)
            batch.open(topic: TopicIndex(rawValue: 0), loop: 0, partition: 0, receivedAt: 0)
            let budget = InFlightBudget(bytes: 1 << 20, recordOverhead: 0)
            entry = HeldPartition(
                topic: KafkaTopic(name: "logs", index: TopicIndex(rawValue: 0), gate: budget.makeGate()),
                partition: KafkaPartition(number: 0, held: true),
                hold: PartitionHold(backoff: Backoff(initial: 1_000, maximum: 30_000))
            )
            self.keys = keys
            self.refusal = refusal
        }

        private mutating func produce(_ records: [Int]) {
            let codes = records.compactMap { refusal($0, now / 1_000_000) }
            guard let code = codes.first else { return stored += records }
            if entry.isReleasing { entry.interruptRelease() }
            for index in records {
                var record = HeldRecord(batch: batch, index: index)
                (record.fault, record.code) = (.recordRefused, code)
                entry.add(record, reason: nil)
            }
        }

        private mutating func judge() {
            guard let refusal = entry.refusedAlone(timestamped: true, now: now) else { return }
            let keys = keys(now / 1_000_000)
            guard case .keep(let reason) = refusal.verdict(keys: keys) else { return }
            entry.keep(reason)
            if keys == .needed { entry.blameTopic() }
        }

        /// - Returns: whether everything came to an end.
        mutating func run(_ count: Int, own: Set<Int> = []) -> Bool {
            for index in 0..<count {
                let payload = UnsafeRawPointer(bitPattern: 1)!
                batch.append(Record(payload: payload, count: 1, timestamp: own.contains(index) ? 7 : 0))
            }
            produce(Array(0..<count))
            for _ in 0..<2_000 {
                judge()
                var action = entry.hold.drained(entry.drained(), now: now, random: 0)
                if let reason = entry.reason, !entry.hold.isIsolating, said.last != reason { said.append(reason) }
                if case .wait(let until) = action {
                    now = until
                    let asking = entry.hold.deadline(now: now)
                    #expect(asking == .askMetadata)
                    action = entry.hold.answered(usable: true, held: entry.records.count, now: now, random: 0)
                }
                switch action {
                case .dropFaulty: dropped += entry.remove { $0.fault != nil }.map(\.index)
                case .probe(let size):
                    entry.clearFaults()
                    produce(entry.takeFirst(size).map(\.index))
                case .release:
                    entry.isReleasing = true
                    produce(entry.takeFirst(entry.records.count).map(\.index))
                    if entry.records.isEmpty { return true }
                default:
                    Issue.record("\(action)")
                    return false
                }
            }
            return false
        }
    }

    @Test func aCompactedTopicHoldsEverythingUntilItIsNoneAnyMore() {
        // The answer comes after a second; who alters the topic takes five minutes.
        var play = Play(keys: { $0 < 1_000 ? .awaited : $0 < 300_000 ? .needed : .notNeeded }) { _, now in
            now < 300_000 ? Self.record : nil
        }
        let isOver = play.run(100)
        #expect(isOver)
        #expect(play.dropped.isEmpty && play.stored == Array(0..<100))
        #expect(play.said == [.configuration(87)])
    }

    @Test func aClockThatIsWrongHoldsEverythingUntilItIsRight() {
        var play = Play { _, now in now < 300_000 ? Self.timestamp : nil }
        let isOver = play.run(100)
        #expect(isOver)
        #expect(play.dropped.isEmpty && play.stored == Array(0..<100))
        #expect(play.said == [.configuration(32)])
    }

    @Test func aLogWhoseOwnTimestampIsAtFaultIsDroppedFromAmongOthers() {
        var play = Play { record, _ in record == 40 ? Self.timestamp : nil }
        let isOver = play.run(100, own: [3, 40])
        #expect(isOver)
        #expect(play.dropped == [40] && play.stored == (0..<100).filter { $0 != 40 } && play.said.isEmpty)
    }

    @Test(arguments: [[0], [99], [40], [40, 41], [0, 50, 99]], [LoneRefusal.Keys.notNeeded, .awaited])
    func recordsAtFaultAmongGoodOnesAreDropped(_ bad: [Int], keys: LoneRefusal.Keys) {
        var play = Play(keys: { _ in keys }) { record, _ in bad.contains(record) ? Self.record : nil }
        let isOver = play.run(100)
        #expect(isOver)
        #expect(play.dropped == bad && play.stored == (0..<100).filter { !bad.contains($0) } && play.said.isEmpty)
    }

    @Test func whatWasDamagedOnItsWayOnceIsStored() {
        var play = Play { record, now in record == 40 && now < 400 ? Self.message : nil }
        let isOver = play.run(100)
        #expect(isOver)
        #expect(play.dropped.isEmpty && play.stored == Array(0..<100) && play.said.isEmpty)
    }

    @Test func whatIsDamagedAgainIsDropped() {
        var play = Play { record, _ in record == 40 ? Self.message : nil }
        let isOver = play.run(100)
        #expect(isOver)
        #expect(play.dropped == [40] && play.stored.count == 99)
    }
}
