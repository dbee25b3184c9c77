import Foundation
import Testing

extension WholeSystem {
    /// Kafka cannot take more: the pressure is felt at the source, and nothing is lost.
    @Suite struct PressureTests {
        private let workspace: Workspace

        init() throws { workspace = try Workspace() }

        private func load(_ gateway: Gateway, run: String, _ more: [String]) throws -> (client: Child, sent: URL) {
            let sent = workspace.fresh("sent")
            let arguments = ["\(gateway.url)/logs", "--run", run, "--sent", sent.path]
            return (try Tool.client("relay.py", arguments + more, in: workspace), sent)
        }

        @Test func aFrozenKafkaStopsTheReadingAndEverythingArrivesOnceItGoesOn() async throws {
            let broker = try await MockBroker.start(in: workspace)
            let gateway = try await Gateway.start(
                kafka: broker.hosts,
                settings: "max_in_flight: 16MiB\nstalled_after: 2s",
                in: workspace
            )
            let reader = try TopicReader(hosts: broker.hosts, in: workspace)
            let (client, sent) = try load(
                gateway,
                run: "frozen",
                ["--connections", "8", "--size", "1000", "--until-closed"]
            )
            try await gateway.delivers(1_000)

            broker.freeze()
            try await eventually("all eight connections are paused") {
                try gateway.metrics().sum("sluice_connections_paused") == 8
            }
            let refusal = try await eventually("/readyz turns 503") {
                let response = try gateway.readiness()
                return response.status == 503 ? response : nil
            }
            #expect(refusal.body.contains(#""ready":false"#))
            #expect(refusal.body.contains(#""topic":"logs""#))
            let before = try gateway.processorTime()
            try await Task.sleep(for: .seconds(3))
            let used = try gateway.processorTime() - before
            // Without RequestWindow librdkafka's broker thread spins here.
            #expect(used < .seconds(1), "it used \(used) of three seconds while nothing could be done")
            let resident = try gateway.residentBytes()
            #expect(resident < (16 + 64) << 20, "resident memory is \(resident)")
            #expect(try gateway.metrics().isConserved)

            broker.thaw()
            try await gateway.ready()
            try await gateway.expectAll(from: client, sent: sent, run: "frozen", in: reader)
        }

        @Test func brokersThatAreDownAreSaidAtOnceAndEverythingArrivesOnceTheyAreBack() async throws {
            let broker = try await MockBroker.start(in: workspace)
            let gateway = try await Gateway.start(
                kafka: broker.hosts,
                settings: "max_in_flight: 16MiB",
                in: workspace
            )
            let reader = try TopicReader(hosts: broker.hosts, in: workspace)
            let (client, sent) = try load(
                gateway,
                run: "down",
                ["--connections", "4", "--size", "1000", "--rate", "2000", "--until-closed"]
            )
            try await gateway.delivers(1_000)

            try await broker.perform("down 1")
            try await eventually("/readyz names the brokers") {
                let response = try gateway.readiness()
                return response.status == 503 && response.body.contains(#""reason":"brokers_down""#)
            }
            try await broker.perform("up 1")
            try await gateway.ready()
            try await gateway.expectAll(from: client, sent: sent, run: "down", in: reader)
        }

        /// Kafka's error codes: unknown topic, not leader, request timed out, not enough replicas, topic
        /// authorisation failed.
        @Test(arguments: [3, 6, 7, 19, 29])
        func nothingIsLostWhenKafkaRefusesForAWhile(code: Int) async throws {
            let broker = try await MockBroker.start(in: workspace)
            // One request at a time: librdkafka takes a request's success for that of those before it, which is so
            // with a Kafka that checks sequence numbers, and the mock broker checks none.
            let gateway = try await Gateway.start(
                kafka: broker.hosts,
                kafkaSettings: """
                    backoff.init: 200ms
                    backoff.max: 1s
                    librdkafka: {"max.in.flight": 1}
                    """,
                in: workspace
            )
            let reader = try TopicReader(hosts: broker.hosts, in: workspace)
            let (client, sent) = try load(
                gateway,
                run: "code\(code)",
                ["--connections", "4", "--rate", "2000", "--until-closed"]
            )
            try await gateway.delivers(500)
            try await broker.perform("fail 0 \(code) 3")
            let refused = try gateway.metrics().received
            try await gateway.delivers(refused + 2_000)
            try await gateway.expectAll(from: client, sent: sent, run: "code\(code)", in: reader)
        }
    }
}

extension Gateway {
    /// Waits until so many logs are in Kafka.
    func delivers(_ count: Int, within limit: Duration = .seconds(120)) async throws {
        try await eventually("\(count) logs are delivered", within: limit) { try metrics().delivered >= count }
    }

    /// Ends the client and the gateway, and holds what the client sent against what is in the topic.
    ///
    /// - Parameter others: logs that other clients have sent.
    func expectAll(
        from client: Child,
        sent: URL,
        besides others: Int = 0,
        run: String,
        in reader: TopicReader,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try client.tell("enough")
        #expect(try await client.exit(within: .seconds(240)) == .code(0), sourceLocation: sourceLocation)
        let total = try JSONDecoder().decode([String: Int].self, from: Data(contentsOf: sent)).values.reduce(0, +)
        let metrics = try await settled(total + others)
        #expect(metrics.received == total + others, sourceLocation: sourceLocation)
        #expect(metrics.delivered == total + others, sourceLocation: sourceLocation)
        #expect(metrics.isConserved, sourceLocation: sourceLocation)
        let uncertain = metrics.sum("sluice_kafka_uncertain_total")
        #expect(try await stop() == .code(0), sourceLocation: sourceLocation)
        let report = try await reader.report(run: run, sent: sent)
        #expect(report.missing == 0, sourceLocation: sourceLocation)
        #expect(report.unexpected == 0, sourceLocation: sourceLocation)
        #expect(report.damaged == 0, sourceLocation: sourceLocation)
        // The mock broker checks no sequence numbers, so what librdkafka sends again after a lost answer is there
        // twice; a real Kafka is held to more in KafkaTests.
        #expect(report.distinct == total, sourceLocation: sourceLocation)
        if report.repeated > 0 { print("\(run): \(report.repeated) repeated, \(uncertain) uncertain") }
    }
}
