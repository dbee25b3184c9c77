import Foundation
import Testing

extension WholeSystem {
    /// A beat-style agent: fragments, pings, never reads, ends without Close.
    @Suite struct AgentTests {
        private let workspace: Workspace

        init() throws { workspace = try Workspace() }

        @Test(arguments: ["reply: none\n  ping_interval: 0", "reply: echo"])
        func twoHundredThousandLogsOfAnAgentThatNeverReadsArriveInFlatMemory(reply: String) async throws {
            let broker = try await MockBroker.start(in: workspace)
            let gateway = try await Gateway.start(
                kafka: broker.hosts,
                routes: "- path: /echo\n  \(reply)",
                settings: "max_in_flight: 32MiB",
                in: workspace
            )
            let reader = try TopicReader(hosts: broker.hosts, in: workspace)
            let sent = workspace.fresh("sent")
            let agent = try Tool.client(
                "agent.py",
                [
                    "127.0.0.1", "\(gateway.port)", "/echo", "--run", "agent", "--messages", "200000", "--sent",
                    sent.path,
                ],
                in: workspace
            )

            try await eventually("the agent is on its way", within: .seconds(240)) {
                try gateway.metrics().received >= 50_000
            }
            let early = try gateway.residentBytes()
            var peak = early
            try await eventually("the agent is done", within: .seconds(600)) {
                peak = max(peak, try gateway.residentBytes())
                return agent.status != nil
            }
            #expect(agent.status == .code(0), "\(agent.errors)")
            #expect(peak - early < 32 << 20, "resident memory went from \(early) to \(peak)")

            let metrics = try await gateway.settled(200_000)
            #expect(metrics.received == 200_000)
            #expect(metrics.delivered == 200_000)
            if reply == "reply: echo" {
                #expect(metrics.sum("sluice_echoes_skipped_total") > 0)
            }
            let report = try await reader.report(run: "agent", sent: sent)
            #expect(report.missing == 0)
            #expect(report.damaged == 0)
            #expect(report.repeated == 0)
            #expect(report.disordered == 0)
            #expect(try await gateway.stop() == .code(0))
        }

        @Test func anEchoRouteRelaysAndAnswersVerbatim() async throws {
            let broker = try await MockBroker.start(in: workspace)
            let gateway = try await Gateway.start(
                kafka: broker.hosts,
                routes: "- path: /echo\n  reply: echo",
                in: workspace
            )
            let reader = try TopicReader(hosts: broker.hosts, in: workspace)
            let log = #"{"timestamp":"2026-01-02T03:04:05Z","message":"\u00e9cho"}"#
            let socket = try RawWebSocket(port: gateway.port, path: "/echo")
            try socket.send(text: log)
            #expect(try socket.receive() == .init(opcode: 1, payload: Array(log.utf8)))
            try socket.send(binary: Array(log.utf8))
            #expect(try socket.receive() == .init(opcode: 2, payload: Array(log.utf8)))
            // The keep-alive of clients that cannot send ping frames: echoed here, never relayed.
            try socket.send(text: "ping")
            #expect(try socket.receive().text == "ping")
            #expect(try await reader.records(2) == [log, log])
            #expect(try gateway.metrics().received == 2)
            try socket.close()
            #expect(try await gateway.stop() == .code(0))
        }

        @Test func withoutRepliesOnlyPongIsSent() async throws {
            let broker = try await MockBroker.start(in: workspace)
            let gateway = try await Gateway.start(kafka: broker.hosts, in: workspace)
            let socket = try RawWebSocket(port: gateway.port)
            try socket.send(text: #"{"message":"a log"}"#)
            try socket.send(text: "ping")
            #expect(try socket.receive() == .init(opcode: 1, payload: Array("pong".utf8)))
            try socket.send(9, final: true, Array("payload".utf8))
            #expect(try socket.receive() == .init(opcode: 10, payload: Array("payload".utf8)))
            let metrics = try await gateway.settled(1)
            #expect(metrics.received == 1)
            try socket.close()
            #expect(try await gateway.stop() == .code(0))
        }
    }
}
