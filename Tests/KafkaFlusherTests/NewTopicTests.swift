import CRdKafka
import LogPipeline
import Telemetry
import Testing

@testable import KafkaFlusher

/// Topics that come while records are on their way.
@Suite(.timeLimit(.minutes(5)))
struct NewTopicTests {
    @Test func topicsThatComeAfterTheStartBecomeReadyAndTakeRecords() throws {
        let harness = try Harness()
        #expect(harness.ready())
        for round in 0..<8 {
            harness.flush(round * 100..<(round + 1) * 100)
            let name = "later-\(round)"
            let topic = try harness.flusher.topic(named: name)
            #expect(topic.rawValue == round + 1)
            #expect(try harness.flusher.topic(named: name) == topic)
            #expect(harness.sink.wait { harness.flusher.isReady(topic) }, "\(harness.flusher.health(of: topic))")
            harness.flusher.flush(harness.payload.batch(topic: topic, stream: "t", numbers: 0..<50))
        }
        #expect(harness.settled(8 * 150))
        #expect(harness.sink.now.delivered == 8 * 150)
        for round in [0, 7] {
            let messages = Reader(hosts: harness.broker.address, topic: "later-\(round)", partitions: 1).read(
                distinct: 50
            )
            #expect(messages.count == 50)
        }
        #expect(harness.flusher.counters.topics.map(\.bytesInFlight) == Array(repeating: 0, count: 9))
        #expect(harness.flusher.stop(deadline: .seconds(10)) == 0)
    }

    @Test func theEmbeddedBrokerMakesThemAtOnce() throws {
        let flusher = KafkaFlusher(configuration: KafkaConfiguration(), logger: .silent)
        _ = try flusher.topic(named: "first")
        let sink = Sink()
        try flusher.start(sinks: [sink])
        let second = try flusher.topic(named: "second")
        #expect(sink.wait { flusher.isReady(second) && flusher.partitions(of: second) == 4 })
        #expect(flusher.stop(deadline: .seconds(10)) == 0)
    }

    @Test func indicesAreToldBeforeTopicsAreMade() throws {
        let flusher = KafkaFlusher(configuration: KafkaConfiguration(), logger: .silent)
        _ = try flusher.topic(named: "first")
        let told = try flusher.indices(for: ["b", "first", "a", "b"]).map(\.rawValue)
        #expect(told == [1, 0, 2, 1] && flusher.counters.topics.map(\.name) == ["first"])
        #expect(try ["b", "first", "a", "b"].map { try flusher.topic(named: $0).rawValue } == told)
        #expect(throws: FlusherError.self) { try flusher.indices(for: ["c", "no name"]) }
        let many = (0..<KafkaTopics.most).map { "t\($0)" }
        #expect(throws: FlusherError.self) { try flusher.indices(for: many) }
        #expect(try flusher.indices(for: Array(many.dropLast(3))).count == KafkaTopics.most - 3)
        #expect(flusher.counters.topics.count == 3)
    }

    @Test func aTopicWithoutUseIsNotAskedAboutSoon() throws {
        let harness = try Harness(topics: ["logs", "gone"])
        #expect(harness.ready())
        let state = try #require(harness.flusher.shared)
        let usable = ClusterMetadata.Topic(problem: nil, partitions: 1, leaderless: 0)
        let missing = ClusterMetadata.Topic(problem: .unknownTopic, partitions: 0, leaderless: 0)
        let answer = ClusterMetadata(topics: ["logs": usable, "gone": missing], brokers: 1)
        let second: UInt64 = 1_000_000_000
        // Of a thread of its own: what is asked here is when it would ask.
        func asksSoon() -> Bool {
            var watch = HealthWatch(state)
            _ = watch.answered(answer, isSuspended: false, now: 1_000 * second)
            return watch.wantsMetadata(now: 1_010 * second)
        }
        #expect(asksSoon())
        harness.flusher.setUsed([harness.topics[0]])
        #expect(!asksSoon())
        // What is in flight is waited for, whoever wrote it.
        _ = state.topics[1].gate.add(bytes: 100)
        #expect(asksSoon())
        _ = state.topics[1].gate.remove(bytes: 100)
        #expect(!asksSoon())
        // A later reload names it again.
        #expect(try harness.flusher.topic(named: "gone") == harness.topics[1])
        #expect(asksSoon())
        harness.flusher.setUsed([harness.topics[0]])
        harness.flusher.setUsed(Set(harness.topics))
        #expect(asksSoon())
        #expect(harness.flusher.stop(deadline: .seconds(10)) == 0)
    }

    @Test func aTopicThatIsUsedAgainIsAskedAboutAtOnce() throws {
        let harness = try Harness()
        #expect(harness.ready())
        let (flusher, cluster) = (harness.flusher, harness.broker.cluster)
        rd_kafka_mock_topic_set_error(cluster, "later", RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
        let later = try flusher.topic(named: "later")
        #expect(
            harness.sink.wait {
                if case .unhealthy("unknown_topic", _) = flusher.health(of: later) { true } else { false }
            },
            "\(flusher.health(of: later))"
        )
        flusher.setUsed([harness.topic])
        rd_kafka_mock_topic_set_error(cluster, "later", RD_KAFKA_RESP_ERR_NO_ERROR)
        #expect(try flusher.topic(named: "later") == later)
        #expect(harness.sink.wait { flusher.isReady(later) }, "\(flusher.health(of: later))")
        #expect(flusher.stop(deadline: .seconds(10)) == 0)
    }

    @Test func whatWasWrongIsForgottenUntilItIsSaidAgain() throws {
        let budget = InFlightBudget(bytes: 1_000, recordOverhead: 0)
        let topic = KafkaTopic(name: "logs", index: TopicIndex(rawValue: 0), gate: budget.makeGate())
        _ = topic.setHealth(.unhealthy(reason: "not_authorized", detail: "no right"))
        topic.forgetTrouble()
        guard case .unhealthy("starting", _) = topic.health else { return #expect(Bool(false), "\(topic.health)") }
        _ = topic.setHealth(.healthy)
        topic.forgetTrouble()
        #expect(topic.health == .healthy && topic.gate.isReady)
    }

    @Test func thereAreOnlySoMany() throws {
        let flusher = KafkaFlusher(configuration: KafkaConfiguration(), logger: .silent)
        for number in 0..<KafkaTopics.most { _ = try flusher.topic(named: "t\(number)") }
        #expect(throws: FlusherError.self) { try flusher.topic(named: "one-more") }
        #expect(try flusher.topic(named: "t7").rawValue == 7)
        #expect(throws: FlusherError.self) { try flusher.topic(named: "no name") }
    }
}
