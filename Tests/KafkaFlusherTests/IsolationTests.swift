import CRdKafka
import LogPipeline
import Synchronization
import Telemetry
import Testing

@testable import KafkaFlusher

/// What one topic, the end, or pressure does to the rest.
@Suite(.timeLimit(.minutes(10)), .serialized)
struct IsolationTests {
    @Test func aTopicThatIsGoneDoesNotStopAnother() throws {
        let harness = try Harness(topics: ["stuck", "free"]) { $0.metadataRefreshMilliseconds = 100 }
        #expect(harness.ready())
        let cluster = harness.broker.cluster
        rd_kafka_mock_topic_set_error(cluster, "stuck", RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
        let unknown = harness.sink.wait {
            if case .unhealthy("unknown_topic", _) = harness.flusher.health(of: harness.topics[0]) {
                true
            } else {
                false
            }
        }
        #expect(unknown)
        // The mock cluster takes records of a topic that it denies: these errors say that it does not.
        harness.fail(API.produce, Array(repeating: RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, count: 3))
        harness.flush(0..<100, stream: "stuck", topic: 0)
        for round in 0..<20 { harness.flush(round * 100..<(round + 1) * 100, stream: "free", topic: 1) }
        #expect(harness.settled(2_000))
        #expect(harness.flusher.health(of: harness.topics[1]) == .healthy)
        #expect(harness.flusher.isReady(harness.topics[1]))
        #expect(!harness.flusher.isReady(harness.topics[0]))
        rd_kafka_mock_topic_set_error(cluster, "stuck", RD_KAFKA_RESP_ERR_NO_ERROR)
        #expect(harness.settled(2_100))
        #expect(harness.sink.now.dropped.isEmpty)
        #expect(harness.ready())
        for (topic, count) in [(0, 100), (1, 2_000)] {
            let messages = harness.read(count, topic: topic)
            #expect(Set(messages.map(\.text)).count == count)
            #expect(Harness.isInOrder(messages))
        }
        #expect(harness.flusher.stop(deadline: .seconds(10)) == 0)
    }

    @Test func aStuckTopicDoesNotStopAnother() throws {
        let harness = try Harness(topics: ["stuck", "free"])
        #expect(harness.ready())
        rd_kafka_mock_topic_set_error(harness.broker.cluster, "stuck", RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED)
        harness.fail(API.produce, [RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED])
        harness.flush(0..<100, stream: "stuck", topic: 0)
        let refused = harness.sink.wait { harness.flusher.health(of: harness.topics[0]) != .healthy }
        #expect(refused)
        for round in 0..<20 { harness.flush(round * 100..<(round + 1) * 100, stream: "free", topic: 1) }
        #expect(harness.settled(2_000))
        #expect(harness.flusher.health(of: harness.topics[1]) == .healthy)
        #expect(harness.flusher.isReady(harness.topics[1]))
        #expect(!harness.flusher.isReady(harness.topics[0]))
        rd_kafka_mock_topic_set_error(harness.broker.cluster, "stuck", RD_KAFKA_RESP_ERR_NO_ERROR)
        #expect(harness.settled(2_100))
        #expect(harness.sink.now.dropped.isEmpty)
        let late = harness.read(100, topic: 0)
        #expect(Set(late.map(\.text)).count == 100)
        #expect(Harness.isInOrder(late))
        #expect(Set(harness.read(2_000, topic: 1).map(\.text)).count == 2_000)
        #expect(harness.flusher.stop(deadline: .seconds(10)) == 0)
    }

    @Test func stopWithoutBrokersKeepsItsDeadlineAndCounts() throws {
        let harness = try Harness()
        #expect(harness.ready())
        rd_kafka_mock_broker_set_down(harness.broker.cluster, 1)
        harness.flush(0..<300)
        #expect(harness.flusher.stop(deadline: .milliseconds(700)) == 300)
        #expect(harness.sink.now.settled == 0)
    }

    @Test func stopSendsWhatLingers() throws {
        let harness = try Harness { $0.lingerMilliseconds = 60_000 }
        #expect(harness.ready())
        harness.flush(0..<10)
        #expect(harness.flusher.stop(deadline: .seconds(30)) == 0)
        #expect(harness.sink.now.delivered == 10)
        #expect(harness.read(10).count == 10)
    }

    @Test func stopSendsWhatIsHeld() throws {
        let harness = try Harness {
            $0.backoffInitialMilliseconds = 30_000; $0.backoffMaximumMilliseconds = 30_000
        }
        #expect(harness.ready())
        harness.fail(API.produce, [RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED])
        harness.flush(0..<10)
        let held = harness.sink.wait { harness.flusher.health(of: harness.topic) != .healthy }
        #expect(held)
        #expect(harness.flusher.stop(deadline: .seconds(20)) == 0)
        #expect(harness.sink.now.delivered == 10)
    }

    @Test func overTheHighWaterMarkItIsNotReadyUntilTheLowOne() throws {
        let harness = try Harness { $0.maxInFlightBytes = 200_000 }
        #expect(harness.ready())
        rd_kafka_mock_broker_set_rtt(harness.broker.cluster, 1, 300)
        harness.flush(0..<500, size: 200)
        #expect(!harness.flusher.isReady(harness.topic))
        let changes = harness.sink.now.changes
        #expect(harness.settled(500))
        #expect(harness.ready())
        let told = harness.sink.wait { harness.sink.now.changes > changes }
        #expect(told)
        #expect(harness.flusher.stop(deadline: .seconds(10)) == 0)
    }

    @Test func urgencyOpensATopicThatIsNotHealthy() throws {
        let harness = try Harness()
        #expect(harness.ready())
        rd_kafka_mock_broker_set_down(harness.broker.cluster, 1)
        harness.flush(0..<1)
        let down = harness.sink.wait { !harness.flusher.isReady(harness.topic) }
        #expect(down)
        harness.flusher.setUrgent(true)
        #expect(harness.flusher.isReady(harness.topic))
        rd_kafka_mock_broker_set_up(harness.broker.cluster, 1)
        #expect(harness.flusher.stop(deadline: .seconds(30)) == 0)
    }

    @Test func aTopicTheBrokersDoNotKnowSaysSo() throws {
        let harness = try Harness()
        rd_kafka_mock_topic_set_error(
            harness.broker.cluster,
            "logs",
            RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART
        )
        let unknown = harness.sink.wait {
            if case .unhealthy("unknown_topic", _) = harness.flusher.health(of: harness.topic) { true } else { false }
        }
        #expect(unknown)
        #expect(!harness.flusher.isReady(harness.topic))
        harness.flush(0..<10)
        rd_kafka_mock_topic_set_error(harness.broker.cluster, "logs", RD_KAFKA_RESP_ERR_NO_ERROR)
        #expect(harness.settled(10))
        #expect(harness.ready())
        #expect(harness.read(10).count == 10)
        #expect(harness.flusher.stop(deadline: .seconds(10)) == 0)
    }

    @Test func aRecordOverTheTopicsLimitIsDroppedBeforeHandOver() throws {
        let harness = try Harness()
        #expect(harness.ready())
        harness.flusher.shared?.topics[0].recordLimit.store(100, ordering: .relaxed)
        let batch = harness.payload.batch(topic: harness.topic, numbers: 0..<4)
        harness.payload.append(Array(repeating: 65, count: 101), to: batch)
        harness.flusher.flush(batch)
        let only = harness.payload.batch(topic: harness.topic, numbers: 9..<10, size: 101)
        harness.flusher.flush(only)
        #expect(harness.settled(6))
        #expect(harness.sink.now.dropped == [.recordTooLarge: 2])
        #expect(harness.read(4).count == 4)
        #expect(harness.flusher.stop(deadline: .seconds(10)) == 0)
    }

    @Test func smallerBatchesAreAProducersReplacementWithoutLoss() throws {
        let harness = try Harness()
        #expect(harness.ready())
        for round in 0..<20 {
            harness.flush(round * 50..<(round + 1) * 50)
            if round == 5 { harness.flusher.shared?.post(.limits(TopicLimits(bytes: ["logs": 2_000]))) }
        }
        #expect(harness.settled(1_000))
        let replaced = harness.sink.wait { harness.flusher.counters.producerReplacements == 1 }
        #expect(replaced)
        let messages = harness.read(1_000)
        #expect(messages.count == 1_000)
        #expect(Harness.isInOrder(messages))
        #expect(harness.flusher.shared?.handle.batchBytes == 2_000)
        #expect(harness.flusher.stop(deadline: .seconds(10)) == 0)
    }

    @Test func theEmbeddedBrokerTakesAndGives() throws {
        var configuration = KafkaConfiguration()
        configuration.embedded = true
        configuration.embeddedPartitions = 2
        let flusher = KafkaFlusher(configuration: configuration, logger: .silent)
        let topic = try flusher.topic(named: "logs")
        let sink = Sink()
        try flusher.start(sinks: [sink])
        let ready = sink.wait { flusher.isReady(topic) && flusher.partitions(of: topic) == 2 }
        #expect(ready)
        let payload = Payload()
        flusher.flush(payload.batch(topic: topic, partition: 1, numbers: 0..<10))
        let settled = sink.wait { sink.now.delivered == 10 }
        #expect(settled)
        let messages = Reader(hosts: flusher.hosts[0], topic: "logs", partitions: 2).read(distinct: 10)
        #expect(messages.map(\.partition) == Array(repeating: 1, count: 10))
        #expect(flusher.stop(deadline: .seconds(10)) == 0)
    }
}
