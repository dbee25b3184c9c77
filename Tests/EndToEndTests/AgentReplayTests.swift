import Foundation
import Testing

extension WholeSystem {
    /// What agents that exist put on the wire, byte for byte; the records are read back with kcat.
    @Suite struct AgentReplayTests {
        private let workspace: Workspace

        init() throws { workspace = try Workspace() }

        private struct Running {
            let broker: MockBroker
            let gateway: Gateway
            let reader: TopicReader
            let sent: URL
        }

        private func start(route: String) async throws -> Running {
            let broker = try await MockBroker.start(in: workspace)
            let gateway = try await Gateway.start(kafka: broker.hosts, routes: route, in: workspace)
            return Running(
                broker: broker,
                gateway: gateway,
                reader: try TopicReader(hosts: broker.hosts, in: workspace),
                sent: workspace.fresh("sent")
            )
        }

        /// - Parameter words: what follows HOST, PORT and PATH.
        private func agent(_ program: String, _ path: String, _ running: Running, _ words: [String]) throws -> Child {
            try Tool.client(program, ["127.0.0.1", "\(running.gateway.port)", path] + words, in: workspace)
        }

        private func expectEveryLogOnce(_ running: Running, run: String) async throws {
            let report = try await running.reader.report(run: run, sent: running.sent)
            #expect(report.missing == 0)
            #expect(report.damaged == 0)
            #expect(report.repeated == 0)
            #expect(report.disordered == 0)
            #expect(report.unexpected == 0)
        }

        // MARK: Fluent Bit

        @Test(arguments: [("json", "array"), ("json", "auto"), ("json_lines", "lines"), ("json_stream", "auto")])
        func fluentBitsChunksOfTwoMegabytesBecomeARecordForEachLog(format: String, split: String) async throws {
            let route = "- path: /fluent-bit\n  split: \(split)\n  ping_interval: 0"
            let running = try await start(route: route)
            let agent = try agent(
                "fluentbit.py",
                "/fluent-bit",
                running,
                ["--run", "fluentbit", "--messages", "30000", "--format", format, "--sent", running.sent.path]
            )
            _ = try await agent.lines(1, within: .seconds(240))
            let metrics = try await running.gateway.settled(30_000)
            #expect(metrics.received == 30_000)
            #expect(metrics.delivered == 30_000)
            try agent.tell("close")
            #expect(try await agent.exit() == .code(0))
            try await expectEveryLogOnce(running, run: "fluentbit")
            #expect(try await running.gateway.stop() == .code(0))
        }

        @Test func fluentBitsSecondHandshakeEndsTheConnectionAndTheNextOneGoesOn() async throws {
            let running = try await start(route: "- path: /fluent-bit\n  split: array\n  ping_interval: 0")
            let agent = try agent(
                "fluentbit.py",
                "/fluent-bit",
                running,
                [
                    "--run", "again", "--messages", "1000", "--chunk", "20000", "--handshake-again", "--sent",
                    running.sent.path,
                ]
            )
            _ = try await agent.lines(1)
            let metrics = try await running.gateway.settled(1000)
            #expect(metrics.received == 1000)
            #expect(metrics.sum("sluice_connections_accepted_total") == 2)
            try agent.tell("close")
            #expect(try await agent.exit() == .code(0))
            let report = try await running.reader.report(run: "again", sent: running.sent)
            #expect(report.missing == 0)
            #expect(report.repeated == 0)
            #expect(try await running.gateway.stop() == .code(0))
        }

        // MARK: telegraf

        @Test(arguments: [false, true])
        func telegrafsBatchesBecomeARecordForEachLine(isText: Bool) async throws {
            let route = "- path: /telegraf\n  split: lines\n  codec: raw\n  ping_interval: 1s"
            let running = try await start(route: route)
            let lines = workspace.fresh("lines")
            let agent = try agent(
                "telegraf.py",
                "/telegraf",
                running,
                ["--run", "telegraf", "--messages", "20000", "--pings", "3", "--lines", lines.path]
                    + (isText ? ["--text"] : [])
            )
            _ = try await agent.lines(1, within: .seconds(240))
            let metrics = try await running.gateway.settled(20_000)
            #expect(metrics.received == 20_000)
            #expect(metrics.delivered == 20_000)
            try agent.tell("close")
            #expect(try await agent.exit() == .code(0), "\(agent.errors)")
            let written = try String(contentsOf: lines, encoding: .utf8).split(separator: "\n").map(String.init)
            let records = try await running.reader.records(20_000)
            #expect(written.count == 20_000)
            #expect(records.sorted() == written.sorted())
            #expect(try await running.gateway.stop() == .code(0))
        }

        // MARK: Vector

        @Test func vectorsEventsArriveAndItsPingsAndItsCloseAreAnswered() async throws {
            let running = try await start(route: "- path: /vector")
            let agent = try agent(
                "vector.py",
                "/vector",
                running,
                ["--run", "vector", "--messages", "5000", "--ping-every", "1000", "--sent", running.sent.path]
            )
            #expect(try await agent.exit(within: .seconds(240)) == .code(0), "\(agent.errors)")
            #expect(agent.output == "{\"pongs\": 6, \"closed\": true}\n")
            let metrics = try await running.gateway.settled(5000)
            #expect(metrics.received == 5000)
            #expect(metrics.delivered == 5000)
            try await expectEveryLogOnce(running, run: "vector")
            #expect(try await running.gateway.stop() == .code(0))
        }

        // MARK: filebeat with the websocket output that Sluice descends from

        @Test func anEmptyMessageOfABeatIsCountedAndTheNextLogArrives() async throws {
            let running = try await start(route: "- path: /echo\n  ping_interval: 0")
            let agent = try agent(
                "agent.py",
                "/echo",
                running,
                [
                    "--run", "beat", "--messages", "1000", "--empty-every", "10", "--ping-every", "100", "--sent",
                    running.sent.path,
                ]
            )
            #expect(try await agent.exit(within: .seconds(240)) == .code(0), "\(agent.errors)")
            let metrics = try await running.gateway.settled(1100)
            #expect(metrics.received == 1100)
            #expect(metrics.delivered == 1000)
            #expect(metrics.sum("sluice_logs_dropped_total", "reason=\"empty\"") == 100)
            try await expectEveryLogOnce(running, run: "beat")
            #expect(try await running.gateway.stop() == .code(0))
        }
    }
}
