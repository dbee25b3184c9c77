import CRdKafka
import LogPipeline
import Synchronization
import Telemetry
import Testing

@testable import KafkaFlusher

/// Collections from librdkafka's mock cluster.
@Suite(.serialized) struct ClusterMetricsTests {
    private func harness(
        topics: [String] = ["logs"],
        partitions: Int = 2,
        brokers: Int32 = 1,
        logger: Logger = .silent,
        _ change: (inout ClusterMetricsConfiguration) -> Void = { _ in }
    ) throws -> Harness {
        var metrics = ClusterMetricsConfiguration()
        metrics.periodMilliseconds = 2_000
        metrics.timeoutMilliseconds = 2_000
        change(&metrics)
        return try Harness(topics: topics, partitions: partitions, brokers: brokers, logger: logger) {
            $0.clusterMetrics = metrics
        }
    }

    private func samples(_ flusher: KafkaFlusher) -> Set<String> {
        let lines = flusher.clusterText(.prometheus).split(separator: "\n")
        return Set(lines.filter { !$0.hasPrefix("#") }.map(String.init))
    }

    /// Waits until the page has all of these lines.
    private func shows(_ flusher: KafkaFlusher, _ wanted: Set<String>) -> Bool {
        for _ in 0..<600 {
            if samples(flusher).isSuperset(of: wanted) { return true }
            Pause.milliseconds(50)
        }
        return false
    }

    @Test func topicsAndOffsetsAreThere() throws {
        let harness = try harness()
        #expect(harness.ready())
        harness.flush(0..<30, partition: 0)
        harness.flush(0..<12, partition: 1)
        #expect(harness.settled(42))
        #expect(
            shows(
                harness.flusher,
                [
                    "kafka_brokers 1", #"kafka_broker_info{id="1",address="\#(harness.broker.address)"} 1"#,
                    #"kafka_topic_partitions{topic="logs"} 2"#,
                    #"kafka_topic_partition_current_offset{topic="logs",partition="0"} 30"#,
                    #"kafka_topic_partition_current_offset{topic="logs",partition="1"} 12"#,
                    #"kafka_topic_partition_oldest_offset{topic="logs",partition="0"} 0"#,
                    #"kafka_topic_partition_leader{topic="logs",partition="0"} 1"#,
                    #"kafka_topic_partition_under_replicated_partition{topic="logs",partition="1"} 0"#,
                    #"sluice_kafka_metrics_success{part="metadata"} 1"#,
                    #"sluice_kafka_metrics_success{part="offsets"} 1"#,
                ]
            ),
            "\(samples(harness.flusher).sorted())"
        )
        #expect(harness.flusher.stop(deadline: .seconds(10)) == 0)
    }

    @Test func whatTheMockClusterDoesNotKnowIsAbsentWithoutAWord() throws {
        let lines = Mutex<[String]>([])
        let harness = try harness(logger: Logger(minimum: .info) { line in lines.withLock { $0.append(line) } })
        #expect(harness.ready())
        #expect(shows(harness.flusher, [#"sluice_kafka_metrics_success{part="offsets"} 1"#]))
        #expect(!samples(harness.flusher).contains { $0.contains("consumergroup") || $0.contains(#"part="groups""#) })
        #expect(!lines.withLock { $0.contains { $0.contains("kafka.metrics") } }, "\(lines.withLock { $0 })")
        _ = harness.flusher.stop(deadline: .seconds(10))
    }

    @Test func patternsChooseFurtherTopicsAndAskingMakesNone() throws {
        let harness = try harness { $0.topics = ["^other-"] }
        rd_kafka_mock_topic_create(harness.broker.cluster, "other-1", 3, 1)
        rd_kafka_mock_topic_create(harness.broker.cluster, "else", 3, 1)
        #expect(harness.ready())
        #expect(shows(harness.flusher, [#"kafka_topic_partitions{topic="other-1"} 3"#]))
        #expect(samples(harness.flusher).contains(#"kafka_topic_partitions{topic="logs"} 2"#))
        #expect(!samples(harness.flusher).contains { $0.contains(#"topic="else""#) })
        _ = harness.flusher.stop(deadline: .seconds(10))
    }

    @Test func aBrokerThatIsDownTakesItsOwnPartitionsAlone() throws {
        let harness = try harness(partitions: 4, brokers: 2)
        for partition: Int32 in 0..<4 {
            rd_kafka_mock_partition_set_leader(harness.broker.cluster, "logs", partition, partition % 2 + 1)
        }
        #expect(harness.ready())
        let offsets = (0..<4).map { #"kafka_topic_partition_current_offset{topic="logs",partition="\#($0)"} 0"# }
        #expect(shows(harness.flusher, Set(offsets)), "\(samples(harness.flusher).sorted())")
        rd_kafka_mock_broker_set_down(harness.broker.cluster, 2)
        var left = samples(harness.flusher)
        for _ in 0..<600 where left.contains(offsets[1]) || left.contains(offsets[3]) || !left.contains(offsets[0]) {
            Pause.milliseconds(50)
            left = samples(harness.flusher)
        }
        #expect(left.isSuperset(of: [offsets[0], offsets[2]]), "\(left.sorted())")
        #expect(left.isDisjoint(with: [offsets[1], offsets[3]]))
        #expect(left.contains(#"sluice_kafka_metrics_success{part="offsets"} 0"#))
        rd_kafka_mock_broker_set_up(harness.broker.cluster, 2)
        #expect(shows(harness.flusher, Set(offsets)), "\(samples(harness.flusher).sorted())")
        _ = harness.flusher.stop(deadline: .seconds(10))
    }

    @Test func withAllBrokersDownValuesVanishAndStoppingTakesNoLonger() throws {
        let harness = try harness()
        #expect(harness.ready())
        #expect(shows(harness.flusher, ["kafka_brokers 1"]))
        rd_kafka_mock_broker_set_down(harness.broker.cluster, 1)
        var left = samples(harness.flusher)
        for _ in 0..<600 where left.contains("kafka_brokers 1") {
            Pause.milliseconds(50)
            left = samples(harness.flusher)
        }
        #expect(left.allSatisfy { $0.hasPrefix("sluice_kafka_metrics_") }, "\(left.sorted())")
        #expect(harness.flusher.stop(deadline: .seconds(10)) == 0)
    }

    @Test func aTopicThatComesWithAReloadIsToldOf() throws {
        let harness = try harness()
        rd_kafka_mock_topic_create(harness.broker.cluster, "later", 3, 1)
        #expect(shows(harness.flusher, [#"kafka_topic_partitions{topic="logs"} 2"#]))
        _ = try harness.flusher.topic(named: "later")
        #expect(shows(harness.flusher, [#"kafka_topic_partitions{topic="later"} 3"#]))
        _ = harness.flusher.stop(deadline: .seconds(10))
    }

    /// What ends the whole process with a client without a group, or where the library looks for the coordinator itself.
    @Test func aCoordinatorThatIsNoneAnyMoreOrComesBackLateIsSurvived() throws {
        let broker = try EmbeddedBroker(topics: ["logs"], partitions: 1)
        let client = try ClusterClient(
            KafkaConfiguration(),
            hosts: [broker.address],
            patience: 2_000,
            group: "billing",
            bundle: nil
        )
        _ = try client.metadata(of: "logs", milliseconds: 10_000)
        var number: UInt = 0
        /// Whether the group's offsets are told.
        func isTold() -> Bool {
            number += 1
            client.ask(.offsets(group: "billing", broker: 1), number: number, milliseconds: 1_000)
            for _ in 0..<10 {
                guard let (answered, answer) = client.nextAnswer(milliseconds: 1_000), answered == number else {
                    continue
                }
                if case .offsets = answer { return true } else { return false }
            }
            return false
        }
        func isToldInTheEnd() -> Bool {
            for _ in 0..<20 where isTold() { return true }
            return false
        }
        #expect(isToldInTheEnd())
        var errors = [RD_KAFKA_RESP_ERR_NOT_COORDINATOR]
        rd_kafka_mock_push_request_errors_array(broker.cluster, API.offsetFetch, errors.count, &errors)
        #expect(!isTold())
        #expect(isToldInTheEnd())
        rd_kafka_mock_broker_set_down(broker.cluster, 1)
        #expect(!isTold())
        rd_kafka_mock_broker_set_up(broker.cluster, 1)
        #expect(isToldInTheEnd())
    }

    /// librdkafka throws a whole answer away where one partition of it has an error.
    @Test func aPartitionThatHasAnotherLeaderByNowTakesNoOtherWithIt() throws {
        let broker = try EmbeddedBroker(topics: ["logs"], partitions: 8, brokers: 2)
        let all = (0..<8).map { PartitionID(topic: "logs", number: $0) }
        for id in all { rd_kafka_mock_partition_set_leader(broker.cluster, "logs", id.number, 1) }
        let client = try ClusterClient(
            KafkaConfiguration(),
            hosts: [broker.address],
            patience: 10_000,
            group: nil,
            bundle: nil
        )
        _ = try client.metadata(of: "logs", milliseconds: 10_000)
        _ = try client.offsets(.last, of: all, milliseconds: 10_000)
        rd_kafka_mock_partition_set_leader(broker.cluster, "logs", 5, 2)
        var questions = PartitionQuestions(all, beginningWith: nil)
        var found: Set<Int32> = []
        var asked = 0
        while let piece = questions.next {
            asked += 1
            do {
                let ends = try client.offsets(.last, of: piece, milliseconds: 10_000)
                found.formUnion(ends.offsets.keys.map(\.number))
                questions.answered(ends.fault) { ends.offsets[$0] != nil }
            } catch {
                questions.failed(error)
            }
        }
        // By the time that the halves are asked for, the library may know the new leader.
        #expect(found.isSuperset(of: [0, 1, 2, 3, 4, 6, 7]))
        #expect(questions.missing.count == 8 - found.count && !questions.isLate)
        #expect(asked > 1)
    }

    @Test func aClientThatCannotBeMadeIsTriedAgain() throws {
        let broker = try EmbeddedBroker(topics: ["logs"], partitions: 2)
        var metrics = ClusterMetricsConfiguration()
        metrics.periodMilliseconds = 2_000
        metrics.timeoutMilliseconds = 2_000
        let plan = ClusterCollector.Plan(
            kafka: KafkaConfiguration(),
            metrics: metrics,
            hosts: [broker.address],
            topics: KafkaTopics(),
            certificates: nil
        )
        let lines = Mutex<[String]>([])
        let attempts = Mutex(0)
        let cluster = ClusterMetrics(
            plan,
            logger: Logger(minimum: .info) { line in lines.withLock { $0.append(line) } },
            backoff: Backoff(initial: 20, maximum: 50)
        ) { plan throws(FlusherError) in
            let attempt = attempts.withLock { count in
                count += 1
                return count
            }
            guard attempt > 3 else { throw FlusherError(setting: "kafka_metrics", message: "no thread") }
            return try ClusterCollector(plan)
        }
        cluster.start()
        defer { cluster.stop() }
        var page = cluster.text(.prometheus)
        for _ in 0..<600 where !page.contains("\nkafka_brokers 1\n") {
            Pause.milliseconds(50)
            page = cluster.text(.prometheus)
        }
        #expect(page.contains("\nkafka_brokers 1\n"), "\(page)")
        #expect(attempts.withLock { $0 } == 4)
        let said = lines.withLock { $0 }
        #expect(said.count { $0.contains("kafka.metrics_failed") && $0.contains("no thread") } == 1, "\(said)")
        #expect(said.count { $0.contains("kafka.metrics_recovered") } == 1, "\(said)")
    }

    @Test func whatIsMoreThanSoManySeriesIsLeftOutAndCounted() throws {
        let lines = Mutex<[String]>([])
        let logger = Logger(minimum: .info) { line in lines.withLock { $0.append(line) } }
        let harness = try harness(logger: logger) {
            $0.topics = ["^large"]
            $0.maxSeries = 100
        }
        rd_kafka_mock_topic_create(harness.broker.cluster, "large", 30, 1)
        #expect(
            shows(
                harness.flusher,
                [
                    #"kafka_topic_partitions{topic="logs"} 2"#, #"sluice_kafka_metrics_left_out{what="topics"} 1"#,
                    #"sluice_kafka_metrics_unanswered{part="offsets"} 0"#,
                ]
            ),
            "\(samples(harness.flusher).sorted())"
        )
        #expect(!samples(harness.flusher).contains { $0.contains(#"topic="large""#) })
        _ = harness.flusher.stop(deadline: .seconds(10))
        #expect(lines.withLock { $0.count { $0.contains("kafka.metrics_left_out topics=1") } } == 1)
    }

    @Test func aTopicThatMayNotBeSeenIsNamedAndHidesNoOther() throws {
        let lines = Mutex<[String]>([])
        let logger = Logger(minimum: .info) { line in lines.withLock { $0.append(line) } }
        let harness = try harness(topics: ["logs", "secret"], logger: logger)
        rd_kafka_mock_topic_set_error(harness.broker.cluster, "secret", RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED)
        let wanted: Set = [
            #"kafka_topic_partitions{topic="logs"} 2"#, #"sluice_kafka_metrics_success{part="metadata"} 0"#,
            #"sluice_kafka_metrics_unanswered{part="metadata"} 1"#,
        ]
        #expect(shows(harness.flusher, wanted), "\(samples(harness.flusher).sorted())")
        #expect(!samples(harness.flusher).contains { $0.contains("secret") })
        let said = lines.withLock { $0.filter { $0.contains("kafka.metrics_incomplete part=metadata") } }
        let named = said.count { $0.contains("Topic authorization failed") && $0.contains("such_as=secret") }
        #expect(named == 1, "\(said)")
        rd_kafka_mock_topic_set_error(harness.broker.cluster, "secret", RD_KAFKA_RESP_ERR_NO_ERROR)
        #expect(shows(harness.flusher, [#"kafka_topic_partitions{topic="secret"} 2"#]))
        _ = harness.flusher.stop(deadline: .seconds(10))
    }

    @Test func everyFormatIsWholeWithTheClustersSideInIt() throws {
        let harness = try harness()
        #expect(shows(harness.flusher, ["kafka_brokers 1"]))
        let page = MetricsFormat.openMetrics.text([], and: harness.flusher.clusterText(.openMetrics))
        #expect(page.contains("\nkafka_brokers 1\n") && page.hasSuffix("\n# EOF\n"))
        #expect(page.ranges(of: "# EOF").count == 1)
        #expect(harness.flusher.clusterText(.influx).contains("\nkafka_brokers value=1i\n"))
        _ = harness.flusher.stop(deadline: .seconds(10))
    }

    @Test func withoutConfigurationThereIsNothing() throws {
        let harness = try Harness()
        #expect(harness.flusher.clusterText(.prometheus).isEmpty)
        _ = harness.flusher.stop(deadline: .seconds(10))
    }

    @Test func theClientHasTheProducersSecurityAndNothingOfItsDelivery() {
        var configuration = KafkaConfiguration()
        configuration.clientID = "me"
        configuration.username = "user"
        configuration.password = "secret"
        configuration.tls = KafkaConfiguration.TLS()
        configuration.librdkafka = [
            "socket.keepalive.enable": "true", "queue.buffering.max.messages": "7", "socket.timeout.ms": "1",
            "ssl.cipher.suites": "X",
        ]
        let properties = KafkaProperties(asking: configuration, hosts: ["a:1"], timeoutMilliseconds: 2_500, group: nil)
        let all = Dictionary(properties.list.map { ($0.name, $0.value) }) { _, last in last }
        #expect(
            all == [
                "bootstrap.servers": "a:1", "client.id": "me-metrics", "security.protocol": "sasl_ssl",
                "sasl.mechanism": "PLAIN", "sasl.username": "user", "sasl.password": "secret",
                "enable.ssl.certificate.verification": "true", "ssl.endpoint.identification.algorithm": "https",
                "socket.keepalive.enable": "true", "ssl.cipher.suites": "X", "socket.timeout.ms": "2500",
                "log.queue": "true", "fetch.max.bytes": "1000000", "isolation.level": "read_uncommitted",
                "allow.auto.create.topics": "false",
                "enable.auto.commit": "false",
            ]
        )
    }
}
