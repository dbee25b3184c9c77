import Foundation
import Testing

extension WholeSystem {
    /// `sluice.v1`: what is acknowledged is stored, and what is not stored is not acknowledged.
    @Suite struct AckTests {
        private let workspace: Workspace

        init() throws { workspace = try Workspace() }

        private func client(of gateway: Gateway, run: String) async throws -> Child {
            let child = try Tool.client("ack.py", ["\(gateway.url)/logs", run], in: workspace)
            #expect(try await child.lines(1) == ["open"])
            return child
        }

        private func lastAck(_ client: Child) -> Int {
            client.output.matches(of: /\{"ack":(\d+)\}/).last.flatMap { Int($0.1) } ?? 0
        }

        @Test func everythingIsAcknowledgedAndStored() async throws {
            let gateway = try await Gateway.start(kafka: nil, in: workspace)
            let reader = try TopicReader(hosts: try await gateway.embeddedBroker(), in: workspace)
            let client = try await client(of: gateway, run: "acks")
            try client.tell("send 20000")
            try client.tell("bad")
            try client.tell("send 10")
            try await eventually("all are acknowledged") { lastAck(client) == 20_011 }
            #expect(client.output.contains(#"{"drop":{"message":20001,"reason":"invalid_json","size":1}}"#))
            let metrics = try gateway.metrics()
            #expect(metrics.delivered == 20_010)
            #expect(metrics.sum("sluice_acks_sent_total") >= 1)
            #expect(metrics.sum("sluice_acks_sent_total") < 10_000)
            let report = try await reader.report(run: "acks")
            #expect(report.distinct == 20_010)
            #expect(report.repeated == 0)
            #expect(report.disordered == 0)
            try client.tell("close")
            #expect(try await client.exit() == .code(0))
            #expect(try await gateway.stop() == .code(0))
        }

        @Test func aFrozenKafkaAcknowledgesNothingAndAThawedOneEverything() async throws {
            let broker = try await MockBroker.start(in: workspace)
            let gateway = try await Gateway.start(
                kafka: broker.hosts,
                settings: "max_in_flight: 2MiB\nmax_len: 64KiB",
                in: workspace
            )
            let client = try await client(of: gateway, run: "frozen")
            try client.tell("send 100")
            try await eventually("all are acknowledged") { lastAck(client) == 100 }
            broker.freeze()
            try client.tell("send 20000")
            try await eventually("the client is told that it is not read") {
                client.output.contains(#"{"pause":true}"#)
            }
            try await Task.sleep(for: .seconds(1))
            #expect(lastAck(client) == 100)
            #expect(try gateway.metrics().delivered == 100)
            broker.thaw()
            try await eventually("all are acknowledged", within: .seconds(240)) { lastAck(client) == 20_100 }
            #expect(try gateway.metrics().delivered == 20_100)
            #expect(client.output.contains(#"{"pause":false}"#))
            // At the end there is nothing to wait for.
            #expect(try await gateway.stop() == .code(0))
            #expect(try await client.exit() == .code(0))
            #expect(client.output.hasSuffix("closed 1012\n"))
        }

        @Test func aSessionThatIsCutAgainAndAgainStoresEverythingOnceAndInOrder() async throws {
            let broker = try await MockBroker.start(in: workspace)
            let gateway = try await Gateway.start(kafka: broker.hosts, settings: "loops: 3", in: workspace)
            let reader = try TopicReader(hosts: broker.hosts, in: workspace)
            let client = try Tool.client("resume.py", ["\(gateway.url)/logs", "resumed", "60000", "30"], in: workspace)
            #expect(try await client.exit(within: .seconds(240)) == .code(0), "\(client.errors)")
            let metrics = try gateway.metrics()
            #expect(metrics.delivered == 60_000)
            #expect(metrics.sum("sluice_logs_received_total") == 60_000)
            #expect(metrics.sum("sluice_resent_messages_total") > 0)
            #expect(metrics.sum("sluice_sessions") == 1)
            let report = try await reader.report(run: "resumed")
            #expect(report.distinct == 60_000)
            #expect(report.repeated == 0)
            #expect(report.disordered == 0)
            // Of four, through thirty connections on three loops.
            #expect(report.partitions == 1)
            #expect(try await gateway.stop() == .code(0))
        }

        /// The kernel takes acks for a long time from whom nobody reads. Here it takes no more.
        @Test func whoNeverReadsCostsOneAckAndHoldsUpNobody() async throws {
            let gateway = try await Gateway.start(kafka: nil, settings: "loops: 1", in: workspace)
            let deaf = try RawWebSocket(port: gateway.port, subprotocols: "sluice.v1", buffering: 4_096)
            let dropped = try await fill(deaf, gateway)
            let others = try (0..<10).map { _ in try RawWebSocket(port: gateway.port, subprotocols: "sluice.v1") }
            let before = try gateway.metrics()
            let rounds = 25
            for round in 1...rounds {
                try deaf.send(text: "{}")
                for other in others { try other.send(text: "{}") }
                for other in others {
                    var frame = try other.receive()
                    while frame.opcode != 1 { frame = try other.receive() }
                    #expect(frame.text == #"{"ack":\#(round)}"#)
                }
                try await gateway.delivers(before.delivered + round * (others.count + 1))
            }
            // All others got theirs, and who does not read none.
            let name = "sluice_acks_sent_total"
            #expect(try gateway.metrics().sum(name) == before.sum(name) + rounds * others.count)
            var acks: [Int] = []
            while acks.last != dropped + rounds {
                let text = try deaf.receive().text
                if let found = text.firstMatch(of: /\{"ack":(\d+)\}/), let number = Int(found.1) { acks.append(number) }
            }
            // Of the rounds only the last one is told of.
            #expect(acks.filter { $0 > dropped } == [dropped + rounds])
            #expect(try await gateway.stop() == .code(0))
        }

        /// Has logs dropped until the kernel takes no more words about them.
        /// - Returns: how many.
        private func fill(_ deaf: RawWebSocket, _ gateway: Gateway) async throws -> Int {
            let before = try gateway.metrics().dropped
            let batch = Array(repeatElement(RawWebSocket.frame(1, [UInt8(ascii: "{")]), count: 100).joined())
            var queues: [Int] = []
            var dropped = 0
            // What a tick says is written at its end, and so before the drops of the next batch are counted.
            while queues.count < 4 || queues.last != queues[queues.count - 4] {
                try deaf.socket.send(batch)
                dropped += 100
                try await eventually("\(dropped) logs are dropped; in the kernel are \(queues.suffix(4)) bytes") {
                    try gateway.metrics().dropped == before + dropped
                }
                queues.append(try deaf.socket.unreadByUs(from: gateway.port))
            }
            return dropped
        }

        @Test func theSampleInTheDocumentStoresEverythingThroughARestart() async throws {
            let page = Built.package.appending(path: "Sources/sluice/Documentation.docc/Acknowledgements.md")
            let document = try String(contentsOf: page, encoding: .utf8)
            let block = try #require(document.firstMatch(of: /```python\n((?s).*?)```/))
            let broker = try await MockBroker.start(in: workspace)
            let configuration = try workspace.file(
                "sluice.yml",
                Gateway.configuration(
                    kafka: broker.hosts,
                    kafkaSettings: "",
                    routes: "- path: /logs",
                    settings: "",
                    listener: ""
                )
            )
            let host = OwnNetwork.host(5)
            func start(port: Int) async throws -> Gateway {
                let listener = ["-E", "listeners=[{address: \"\(host):\(port)\"}]"]
                return try await Gateway.start(file: configuration, arguments: listener, in: workspace)
            }
            let first = try await start(port: 0)
            let sample = String(block.1).replacing("127.0.0.1:8080", with: "\(host):\(first.port)")
                .replacing("100_000", with: "30_000")
            let file = try workspace.file("sample.py", sample)
            let reader = try TopicReader(hosts: broker.hosts, in: workspace)
            let client = try Child(Built.python, [file.path], in: workspace)
            try await first.delivers(2_000)
            #expect(try await first.stop() == .code(0))
            let second = try await start(port: first.port)
            #expect(try await client.exit(within: .seconds(240)) == .code(0), "\(client.errors)")
            try await eventually("all are in the topic") {
                Set(try reader.records().compactMap { $0.firstMatch(of: /log (\d+)/)?.1 }).count == 30_000
            }
            #expect(try await second.stop() == .code(0))
        }
    }
}
