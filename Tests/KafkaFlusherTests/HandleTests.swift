import CRdKafka
import LogPipeline
import Synchronization
import Telemetry
import Testing

@testable import KafkaFlusher

/// Topics that librdkafka does not make.
struct HandleTests {
    private let topics = KafkaTopics()
    private let payload = Payload()

    private func topic(_ name: String) -> KafkaTopic {
        let budget = InFlightBudget(bytes: 1 << 20, recordOverhead: 0)
        return topics.find(name) { KafkaTopic(name: name, index: $0, gate: budget.makeGate()) }!.topic
    }

    private func state() throws -> ProducerState {
        try ProducerState(
            configuration: KafkaConfiguration(),
            hosts: ["127.0.0.1:1"],
            topics: topics,
            sinks: [],
            logger: .silent
        )
    }

    @Test func aProducerKnowsAllTopicsOrIsNone() throws {
        let fine = topic("fine")
        // Longer than any that librdkafka takes.
        let bad = topic(String(repeating: "x", count: 600))
        let state = try state()
        #expect(throws: FlusherError.self) { try state.equip(state.handle) }
        #expect(fine.topicHandle == nil && bad.topicHandle == nil)
    }

    @Test func recordsOfATopicThatLibrdkafkaDoesNotKnowYetAreKept() throws {
        let late = topic("late")
        let state = try state()
        let batch = payload.batch(topic: late.index, numbers: 0..<3)
        let partition = late.table.partitions[0]
        HandOver(capacity: 8, timestamped: false).pass(batch, of: partition, in: late, state)
        let isHeld = partition.isHeld.load(ordering: .relaxed)
        #expect(isHeld)
        let posts = state.inbox.take { _ in partition }
        guard posts.count == 1, case .refused(let refused, let refusals) = posts[0] else {
            Issue.record("\(posts)")
            return
        }
        #expect(refused === batch && refusals.map(\.index) == [0, 1, 2])
        _ = Unmanaged.passRetained(batch)
        var keeper = HoldKeeper(state)
        keeper.refused(batch, refusals)
        keeper.step(now: 1)
        let reason = keeper.reason(of: late)
        let inFlight = partition.inFlight.load(ordering: .relaxed)
        #expect(reason == .takenBack && inFlight == 0)
        // The wait is over, the topic is there, and librdkafka still does not know it.
        keeper.encourage(late, now: 2)
        keeper.step(now: 2)
        keeper.answered(ClusterMetadata(topics: ["late": .init(partitions: 1, leaderless: 0)], brokers: 1), now: 2)
        keeper.step(now: 3)
        let next = keeper.nextDeadline ?? 0
        #expect(next > 3)
    }
}
