import Foundation
import Testing

extension WholeSystem {
    /// The topic that tells of dropped logs.
    @Suite struct DeadLetterTests {
        private let workspace: Workspace

        init() throws { workspace = try Workspace() }

        private struct Letter: Decodable {
            let reason: String
            let size: Int
            let whole: Bool
            let peer: String?
            let sha256: String
            let content: String?
        }

        @Test func kcatReadsWhyAndHowLarge() async throws {
            let broker = try await MockBroker.start(topics: ["logs": 4, "refused": 1], in: workspace)
            let gateway = try await Gateway.start(
                kafka: broker.hosts,
                routes: "- path: /logs\n- path: /quiet\n  dead_letters: off",
                settings: "max_len: 100000\ndead_letters: {topic: refused, content_bytes: 5}",
                in: workspace
            )
            let socket = try RawWebSocket(port: gateway.port)
            try socket.send(text: String(repeating: "long ", count: 400_000))
            try socket.send(text: "{broken")
            try socket.send(text: #"{"message":"good"}"#)
            let quiet = try RawWebSocket(port: gateway.port, path: "/quiet")
            try quiet.send(text: "{broken")
            try await gateway.settled(4)
            let reader = try TopicReader("refused", hosts: broker.hosts, in: workspace)
            let letters = try await reader.records(2).map { text in
                try JSONDecoder().decode(Letter.self, from: Data(text.utf8))
            }
            #expect(letters.map(\.reason) == ["max_len", "invalid_json"])
            #expect(letters.map(\.size) == [2_000_000, 7])
            #expect(letters.map(\.content) == ["long ", "{brok"])
            #expect(letters.allSatisfy { $0.whole && $0.peer == "127.0.0.1" })
            // python3 -c "import hashlib; print(hashlib.sha256(b'long ' * 400000).hexdigest())"
            #expect(letters[0].sha256 == "8168246f7878d27586f1d4cb281117fe5544d8eaa0be93a5976b2908575591db")
            try await eventually("they are counted") {
                try gateway.metrics().sum("sluice_dead_letters_total", #"result="sent""#) == 2
            }
            let metrics = try gateway.metrics()
            #expect(metrics.isConserved)
            #expect(metrics.received == 4 && metrics.delivered == 1 && metrics.dropped == 3)
            #expect(try await gateway.stop() == .code(0))
        }

        @Test func aTopicThatIsNotThereHoldsNoLogAndNoExitStatus() async throws {
            let broker = try await MockBroker.start(topics: ["logs": 4, "refused": 1], in: workspace)
            // Unknown topic, in the words of metadata.
            try await broker.perform("topic refused 3")
            let gateway = try await Gateway.start(
                kafka: broker.hosts,
                settings: "dead_letters: {topic: refused}\ndrain: 3s",
                in: workspace
            )
            let socket = try RawWebSocket(port: gateway.port)
            for number in 0..<2_000 {
                try socket.send(text: "{broken")
                try socket.send(text: #"{"message":"good \#(number)"}"#)
            }
            let metrics = try await gateway.settled(4_000)
            #expect(metrics.delivered == 2_000 && metrics.dropped == 2_000)
            #expect(metrics.sum("sluice_dead_letters_total", #"result="sent""#) == 0)
            #expect(metrics.sum("sluice_dead_letters_total", #"result="lost""#) > 0)
            #expect(try gateway.readiness().status == 200)
            #expect(try gateway.readiness().body.contains("refused") == false)
            #expect(try await gateway.stop() == .code(0))
        }
    }
}
