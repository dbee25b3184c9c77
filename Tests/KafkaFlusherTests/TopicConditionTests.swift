import LogPipeline
import Synchronization
import Testing

@testable import KafkaFlusher

struct TopicConditionTests {
    private let usable = ClusterMetadata.Topic(problem: nil, partitions: 3, leaderless: 0)

    private func condition() -> TopicCondition {
        var condition = TopicCondition(name: "logs")
        condition.answered(usable)
        condition.learnedLimits()
        return condition
    }

    private func word(_ condition: TopicCondition, _ cluster: TopicCondition.Cluster = .init()) -> String {
        switch condition.health(cluster) {
        case .healthy: "healthy"
        case .unhealthy(let reason, _): reason
        }
    }

    @Test func aTopicStartsUntilMetadataAndLimitsAreAnswered() {
        var condition = TopicCondition(name: "logs")
        #expect(word(condition) == "starting")
        condition.answered(usable)
        #expect(word(condition) == "starting")
        condition.learnedLimits()
        #expect(word(condition) == "healthy")
    }

    @Test func whatConcernsAllTopicsComesFirst() {
        var condition = condition()
        condition.held = .timedOut
        #expect(word(condition) == "timed_out")
        #expect(word(condition, .init(fatal: "x")) == "fatal")
        #expect(word(condition, .init(unreachable: "x", fatal: "x")) == "brokers_down")
        #expect(word(condition, .init(unreachable: "x", authentication: "x")) == "authentication")
    }

    @Test func metadataSaysWhatIsWrong() {
        var condition = condition()
        condition.answered(ClusterMetadata.Topic(problem: .unknownTopic, partitions: 0, leaderless: 0))
        #expect(word(condition) == "unknown_topic")
        #expect(condition.wantsMetadata)
        condition.answered(ClusterMetadata.Topic(problem: nil, partitions: 3, leaderless: 3))
        #expect(word(condition) == "no_leader")
        condition.answered(ClusterMetadata.Topic(problem: nil, partitions: 3, leaderless: 1))
        #expect(word(condition) == "healthy")
        #expect(condition.wantsMetadata)
    }

    @Test func anOldRecordIsAStalledTopic() {
        var condition = condition()
        condition.stalledMilliseconds = 31_000
        #expect(word(condition) == "stalled")
    }

    @Test func theOldestRecordIsBoundedByWhatWasStoredLastAndSeenEmpty() {
        let table = PartitionTable([KafkaPartition(number: 0, held: false), KafkaPartition(number: 1, held: false)])
        var progress = TopicProgress()
        let second: UInt64 = 1_000_000_000
        #expect(progress.oldest(in: table, now: 100 * second) == 0)
        _ = table.partitions[1].nextTicket()
        table.partitions[1].inFlight.add(5, ordering: .relaxed)
        #expect(progress.oldest(in: table, now: 110 * second) == 10_000)
        progress.stored(partition: 1, receivedAt: 108 * second)
        #expect(progress.oldest(in: table, now: 111 * second) == 3_000)
        table.partitions[1].inFlight.subtract(5, ordering: .relaxed)
        #expect(progress.oldest(in: table, now: 112 * second) == 0)
        table.partitions[0].isHeld.store(true, ordering: .relaxed)
        #expect(progress.oldest(in: table, now: 113 * second) == 1_000)
    }
}
