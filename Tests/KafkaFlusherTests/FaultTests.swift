import CRdKafka
import LogPipeline
import Testing

@testable import KafkaFlusher

/// What becomes of records when the brokers answer something else than success.
@Suite(.timeLimit(.minutes(10)), .serialized)
struct FaultTests {
    private func relay(
        _ harness: Harness,
        _ total: Int,
        distinct: Int? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(harness.settled(total), sourceLocation: sourceLocation)
        #expect(harness.sink.now.delivered == distinct ?? total, sourceLocation: sourceLocation)
        let messages = harness.read(distinct ?? total)
        #expect(Set(messages.map(\.text)).count == distinct ?? total, sourceLocation: sourceLocation)
        #expect(Harness.isInOrder(messages), sourceLocation: sourceLocation)
        #expect(harness.flusher.counters.topics[0].bytesInFlight == 0, sourceLocation: sourceLocation)
        #expect(harness.flusher.counters.unsettled == 0, sourceLocation: sourceLocation)
        #expect(harness.flusher.stop(deadline: .seconds(10)) == 0, sourceLocation: sourceLocation)
    }

    /// Errors that librdkafka retries by itself, and such that it gives up.
    @Test(arguments: [
        RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
        RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND,
        RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED,
        RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR, RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED,
        RD_KAFKA_RESP_ERR_POLICY_VIOLATION, RD_KAFKA_RESP_ERR_INVALID_REQUIRED_ACKS,
    ])
    func nothingIsLostForAnErrorThatIsNobodysFault(_ error: rd_kafka_resp_err_t) throws {
        let harness = try Harness()
        #expect(harness.ready())
        harness.flush(0..<50)
        harness.fail(API.produce, [error, error, error])
        for round in 1..<40 { harness.flush(round * 50..<(round + 1) * 50) }
        relay(harness, 2_000)
    }

    @Test func aTopicThatMayNotBeWrittenSaysSoAndRecovers() throws {
        let harness = try Harness()
        #expect(harness.ready())
        harness.fail(API.produce, Array(repeating: RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, count: 4))
        harness.flush(0..<100)
        let refused = harness.sink.wait {
            if case .unhealthy("not_authorized", _) = harness.flusher.health(of: harness.topic) { true } else { false }
        }
        #expect(refused)
        #expect(!harness.flusher.isReady(harness.topic))
        harness.flush(100..<200)
        #expect(harness.settled(200))
        #expect(harness.ready())
        #expect(harness.flusher.health(of: harness.topic) == .healthy)
        relay(harness, 200)
    }

    @Test func aRecordAtFaultIsFoundAmongItsBatchMates() throws {
        let harness = try Harness()
        #expect(harness.ready())
        // 64 records in one MessageSet: the whole, then halves, until one record alone is refused, twice.
        let errors = Array(repeating: RD_KAFKA_RESP_ERR_INVALID_MSG, count: 8)
        harness.fail(API.produce, errors)
        harness.flush(0..<64)
        #expect(harness.settled(64))
        #expect(harness.sink.now.dropped == [.recordRefused: 1])
        #expect(harness.flusher.health(of: harness.topic) == .healthy)
        relay(harness, 64, distinct: 63)
    }

    @Test func aClockThatIsWrongLosesNothing() throws {
        let harness = try Harness {
            $0.backoffInitialMilliseconds = 200
            $0.backoffMaximumMilliseconds = 200
        }
        #expect(harness.ready())
        // One record alone is refused four times.
        harness.fail(API.produce, Array(repeating: RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP, count: 10))
        harness.flush(0..<64)
        let said = harness.sink.wait {
            if case .unhealthy("configuration", _) = harness.flusher.health(of: harness.topic) { true } else { false }
        }
        #expect(said)
        #expect(harness.settled(64))
        #expect(harness.sink.now.dropped.isEmpty)
        #expect(harness.ready())
        relay(harness, 64)
    }

    @Test func aBatchTooLargeAsAWholeLosesNothing() throws {
        let harness = try Harness()
        #expect(harness.ready())
        harness.fail(API.produce, Array(repeating: RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, count: 2))
        harness.flush(0..<64)
        harness.flush(64..<128)
        relay(harness, 128)
    }

    @Test func aRecordAloneThatIsTooLargeIsDropped() throws {
        let harness = try Harness()
        #expect(harness.ready())
        harness.fail(API.produce, [RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE])
        harness.flush(0..<1)
        #expect(harness.settled(1))
        #expect(harness.sink.now.dropped == [.recordTooLarge: 1])
        harness.flush(1..<10)
        relay(harness, 10, distinct: 9)
    }

    @Test func aBrokerThatGoesDownAndComesBackGetsEverything() throws {
        let harness = try Harness()
        #expect(harness.ready())
        harness.flush(0..<100)
        #expect(harness.settled(100))
        rd_kafka_mock_broker_set_down(harness.broker.cluster, 1)
        for round in 1..<20 { harness.flush(round * 100..<(round + 1) * 100) }
        let down = harness.sink.wait {
            if case .unhealthy("brokers_down", _) = harness.flusher.health(of: harness.topic) { true } else { false }
        }
        #expect(down)
        #expect(!harness.flusher.isReady(harness.topic))
        #expect(harness.flusher.counters.allBrokersDown)
        rd_kafka_mock_broker_set_up(harness.broker.cluster, 1)
        #expect(harness.ready())
        relay(harness, 2_000)
    }

    @Test func aLeaderThatMovesGetsEverything() throws {
        let harness = try Harness(partitions: 2, brokers: 3)
        #expect(harness.ready())
        for round in 0..<60 {
            rd_kafka_mock_partition_set_leader(harness.broker.cluster, "logs", 0, Int32(round / 10 % 3) + 1)
            harness.flush(round * 20..<(round + 1) * 20, stream: "a", partition: 0)
            harness.flush(round * 20..<(round + 1) * 20, stream: "b", partition: 1)
        }
        #expect(harness.settled(2_400))
        let messages = harness.read(2_400, partitions: 2)
        #expect(Set(messages.map(\.text)).count == 2_400)
        #expect(Harness.isInOrder(messages))
        #expect(harness.flusher.stop(deadline: .seconds(10)) == 0)
    }

    @Test(arguments: [
        RD_KAFKA_RESP_ERR_UNKNOWN_PRODUCER_ID, RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER,
        RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH,
    ])
    func aLostSequenceLosesNoRecord(_ error: rd_kafka_resp_err_t) throws {
        let harness = try Harness()
        #expect(harness.ready())
        harness.flush(0..<50)
        #expect(harness.settled(50))
        harness.fail(API.produce, [error])
        for round in 1..<20 { harness.flush(round * 50..<(round + 1) * 50) }
        relay(harness, 1_000)
    }

    @Test func aFatalErrorReplacesTheProducerAndLosesNothing() throws {
        let harness = try Harness(partitions: 2)
        #expect(harness.ready())
        for round in 0..<20 {
            harness.flush(round * 50..<(round + 1) * 50, stream: "a", partition: 0)
            harness.flush(round * 50..<(round + 1) * 50, stream: "b", partition: 1)
            if round == 10 {
                let producer = try #require(harness.flusher.shared).handle.producer
                rd_kafka_test_fatal_error(producer, RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, "for a test")
            }
        }
        #expect(harness.settled(2_000))
        #expect(harness.flusher.counters.producerReplacements == 1)
        let messages = harness.read(2_000, partitions: 2)
        #expect(Set(messages.map(\.text)).count == 2_000)
        let repeated = messages.count - 2_000
        #expect(repeated <= harness.flusher.counters.uncertain)
        #expect(Harness.isInOrder(messages))
        #expect(harness.ready())
        #expect(harness.flusher.stop(deadline: .seconds(10)) == 0)
    }

    private func breakProducer(_ harness: Harness) throws {
        let handle = try #require(harness.flusher.shared).handle
        rd_kafka_test_fatal_error(handle.producer, RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, "for a test")
    }

    /// Each new producer fails while it is sending again what the one before could not.
    @Test func producersThatFailOneAfterTheOtherLoseNothing() throws {
        let harness = try Harness(partitions: 2)
        #expect(harness.ready())
        var sent = 0
        for number in 1...5 {
            for _ in 0..<10 {
                harness.flush(sent..<sent + 50, stream: "a", partition: 0)
                harness.flush(sent..<sent + 50, stream: "b", partition: 1)
                sent += 50
            }
            try breakProducer(harness)
            #expect(harness.sink.wait { harness.flusher.counters.producerReplacements >= number })
        }
        #expect(harness.settled(2 * sent))
        #expect(harness.sink.now.dropped.isEmpty)
        let messages = harness.read(2 * sent, partitions: 2)
        #expect(Set(messages.map(\.text)).count == 2 * sent)
        #expect(messages.count - 2 * sent <= harness.flusher.counters.uncertain)
        #expect(Harness.isInOrder(messages))
        #expect(harness.ready())
        #expect(harness.flusher.stop(deadline: .seconds(10)) == 0)
    }

    /// What was in flight is never answered: it is taken back and produced again.
    @Test func aProducerThatFailsWhileNoBrokerAnswersIsReplacedAllTheSame() throws {
        let harness = try Harness()
        #expect(harness.ready())
        harness.flush(0..<50)
        #expect(harness.settled(50))
        rd_kafka_mock_broker_set_down(harness.broker.cluster, 1)
        for round in 1..<20 { harness.flush(round * 50..<(round + 1) * 50) }
        try breakProducer(harness)
        #expect(harness.sink.wait { harness.flusher.counters.producerReplacements == 1 })
        for round in 20..<40 { harness.flush(round * 50..<(round + 1) * 50) }
        rd_kafka_mock_broker_set_up(harness.broker.cluster, 1)
        relay(harness, 2_000)
    }

    @Test func aProducerThatFailsAtTheEndIsReplacedBeforeIt() throws {
        let harness = try Harness()
        #expect(harness.ready())
        for round in 0..<20 { harness.flush(round * 50..<(round + 1) * 50) }
        try breakProducer(harness)
        for round in 20..<40 { harness.flush(round * 50..<(round + 1) * 50) }
        #expect(harness.flusher.stop(deadline: .seconds(60)) == 0)
        #expect(harness.flusher.counters.producerReplacements == 1)
        #expect(harness.sink.now.delivered == 2_000)
        let messages = harness.read(2_000)
        #expect(Set(messages.map(\.text)).count == 2_000)
        #expect(Harness.isInOrder(messages))
    }

    /// Each try waits at least half of `backoff.init`: so many refusals cannot be used up sooner.
    @Test func aTopicThatMayNotBeWrittenIsNotTriedAgainAndAgain() throws {
        let harness = try Harness {
            $0.backoffInitialMilliseconds = 200
            $0.backoffMaximumMilliseconds = 200
        }
        #expect(harness.ready())
        let tries = 10
        harness.fail(API.produce, Array(repeating: RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, count: tries))
        let start = ContinuousClock.now
        harness.flush(0..<100)
        #expect(harness.settled(100))
        #expect(ContinuousClock.now - start >= .milliseconds(100 * tries))
        relay(harness, 100)
    }
}
