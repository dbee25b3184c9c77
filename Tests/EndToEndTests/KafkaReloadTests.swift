import Foundation
import Testing

extension WholeSystem.KafkaTests {
    /// A topic that becomes compacted takes no record without a key: nothing is dropped for that.
    func expectACompactedTopicToBeHeld(on kafka: KafkaCluster, by gateway: Gateway, _ log: String) async throws {
        let before = try gateway.metrics()
        try await kafka.perform("alter logs cleanup.policy=compact")
        let socket = try RawWebSocket(port: gateway.port)
        var sent = 0
        try await eventually("/readyz says that the topic is compacted") {
            // The partition's leader may learn of it later than whoever was asked to alter it.
            if try gateway.metrics().inFlight == 0 {
                for _ in 0..<50 { try socket.send(text: log) }
                sent += 50
            }
            let response = try gateway.readiness()
            return response.status == 503 && response.body.contains("the topic is compacted")
        }
        try await kafka.perform("alter logs cleanup.policy=delete")
        let metrics = try await gateway.settled(before.received + sent)
        #expect(metrics.delivered == before.delivered + sent && metrics.dropped == before.dropped, "\(metrics)")
        try socket.close()
    }

    /// Routes come and go with their topics while it runs: one that the brokers make, one that somebody still writes to.
    func expectRoutesAndTopicsToChange(on kafka: KafkaCluster, in workspace: Workspace) async throws {
        let hosts = try await kafka.hosts()
        let file = workspace.fresh("reload.yml")
        func configure(_ routes: String) throws {
            let text = Gateway.configuration(
                kafka: hosts,
                kafkaSettings: "",
                routes: routes,
                settings: "",
                listener: ""
            )
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        try configure("- {path: /logs, topic: kept}\n- {path: /former, topic: former}")
        let gateway = try await Gateway.start(file: file, in: workspace)
        let former = try RawWebSocket(port: gateway.port, path: "/former")
        try former.send(text: #"{"timestamp":1,"message":"before"}"#)
        try await gateway.settled(1)

        try configure("- {path: /logs, topic: kept, max_len: 40}\n- {path: /new, topic: new}")
        let reload = try await Tool.run(
            Built.sluice,
            ["reload", "--admin", "127.0.0.1:\(gateway.admin)"],
            in: workspace
        )
        let said = "\(reload)\n\(gateway.child.errors.suffix(4_000))"
        #expect(reload.status == .code(0) && !reload.output.contains("warning"), "\(said)")
        for line in ["routes[/logs].max_len: 960KiB -> 40, live", "routes[/new]: added", "routes[/former]: removed"] {
            #expect(reload.output.contains(line), "\(line): \(said)")
        }

        try former.send(text: #"{"timestamp":2,"message":"behind"}"#)
        for path in ["/new", "/logs"] {
            let socket = try RawWebSocket(port: gateway.port, path: path)
            try socket.send(text: #"{"timestamp":3,"message":"new"}"#)
            try socket.send(text: #"{"timestamp":4,"message":"longer than forty bytes"}"#)
            try socket.close()
        }
        let metrics = try await gateway.settled(6)
        #expect(metrics.isConserved && metrics.delivered == 5 && metrics.dropped == 1, "\(said)")
        #expect(metrics.byLabel("sluice_logs_delivered_total", "topic") == ["kept": 1, "former": 2, "new": 2])
        #expect(metrics.sum("sluice_topic_healthy") == 3 && metrics.sum("sluice_config_last_reload_successful") == 1)
        for (topic, messages) in [("former", ["before", "behind"]), ("new", ["new", "longer than forty bytes"])] {
            let records = try await TopicReader(topic, hosts: hosts, in: workspace).records(2)
            #expect(messages.allSatisfy { message in records.contains { $0.contains(message) } }, "\(records)")
        }

        try former.close()
        try await eventually("who nobody writes to is not shown; \(gateway.child.errors.suffix(4_000))") {
            try gateway.metrics().sum("sluice_topic_healthy") == 2
        }
        #expect(try await gateway.stop() == .code(0))
    }
}
