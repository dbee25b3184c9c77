import Foundation
import Glibc
import Testing

extension WholeSystem {
    /// The end keeps what was received.
    @Suite struct ShutdownTests {
        private let workspace: Workspace

        init() throws { workspace = try Workspace() }

        @Test func everyLogReceivedBeforeTermIsInKafka() async throws {
            let broker = try await MockBroker.start(in: workspace)
            let gateway = try await Gateway.start(kafka: broker.hosts, in: workspace)
            let reader = try TopicReader(hosts: broker.hosts, in: workspace)
            let sent = workspace.fresh("sent")
            let client = try Tool.client(
                "relay.py",
                ["\(gateway.url)/logs", "--run", "term", "--connections", "20", "--until-closed", "--sent", sent.path],
                in: workspace
            )
            try await gateway.delivers(5_000)
            #expect(try await gateway.stop() == .code(0))
            #expect(try await client.exit() == .code(0))
            // Every client saw the Close with 1001, so what it had sent by then was still read.
            #expect(client.output.contains(#""codes": {"1001": 20}, "broken": 0"#), "\(client.output)")
            let report = try await reader.report(run: "term", sent: sent)
            #expect(report.missing == 0)
            #expect(report.unexpected == 0)
            #expect(report.damaged == 0)
            #expect(report.repeated == 0)
            #expect(report.disordered == 0)
        }

        @Test func withKafkaFrozenItLeavesWithinTheDrainDeadlineAndSaysHowManyWereNotSettled() async throws {
            let broker = try await MockBroker.start(in: workspace)
            let gateway = try await Gateway.start(kafka: broker.hosts, settings: "drain: 2s", in: workspace)
            let socket = try RawWebSocket(port: gateway.port)
            try socket.send(text: #"{"message":"stored"}"#)
            try await gateway.settled(1)
            broker.freeze()
            for number in 0..<123 { try socket.send(text: #"{"message":"not stored \#(number)"}"#) }
            try await eventually("they are received") { try gateway.metrics().inFlight == 123 }
            #expect(try await gateway.stop(within: .seconds(30)) == .code(1))
            #expect(gateway.events.contains { $0.values.contains("123") }, "\(gateway.child.errors)")
        }

        @Test(arguments: [SIGTERM, SIGINT])
        func aSecondSignalEndsItAtOnce(signal: Int32) async throws {
            let broker = try await MockBroker.start(in: workspace)
            let gateway = try await Gateway.start(kafka: broker.hosts, settings: "drain: 10m", in: workspace)
            let socket = try RawWebSocket(port: gateway.port)
            broker.freeze()
            try socket.send(text: #"{"message":"not stored"}"#)
            try await eventually("it is received") { try gateway.metrics().inFlight == 1 }
            gateway.child.signal(signal)
            try await eventually("it has taken notice of the first one") {
                try socket.receive().closeCode == 1001
            }
            #expect(gateway.child.status == nil)
            #expect(try await gateway.stop(signal) == .code(1))
        }

        @Test(arguments: [SIGTERM, SIGINT])
        func withNothingToDoItEndsWithZero(signal: Int32) async throws {
            let broker = try await MockBroker.start(in: workspace)
            let gateway = try await Gateway.start(kafka: broker.hosts, in: workspace)
            #expect(try await gateway.stop(signal) == .code(0))
        }

        @Test func whileItDrainsItTakesNoNewConnectionsAndStillReadsTheOldOnes() async throws {
            let broker = try await MockBroker.start(topics: ["logs": 1], in: workspace)
            let gateway = try await Gateway.start(kafka: broker.hosts, settings: "drain: 1m", in: workspace)
            let reader = try TopicReader(hosts: broker.hosts, in: workspace)
            let socket = try RawWebSocket(port: gateway.port)
            try socket.send(1, final: false, Array(#"{"timestamp":"2026-01-02T03:04:05Z","#.utf8))
            gateway.child.signal(SIGTERM)
            #expect(try socket.receive().closeCode == 1001)
            try socket.send(0, final: true, Array(#""message":"on its way"}"#.utf8))
            try socket.send(text: #"{"timestamp":"2026-01-02T03:04:05Z","message":"the last one"}"#)
            try socket.socket.send(RawWebSocket.frame(8, [3, 233]))
            #expect(try await gateway.child.exit() == .code(0))
            let records = try await reader.records(2)
            #expect(records[0].contains("on its way"))
            #expect(records[1].contains("the last one"))
            #expect(throws: Failure.self) { try RawWebSocket(port: gateway.port) }
        }
    }
}
