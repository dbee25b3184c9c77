import Foundation
import Testing

extension WholeSystem {
    /// Logs by HTTP POST, from clients that know no WebSocket and from pages that unload.
    @Suite struct PostTests {
        private let workspace: Workspace

        init() throws { workspace = try Workspace() }

        private struct Answers: Decodable {
            let statuses: [String: Int]
            let connections: Int
            let continued: Int
            let bodies: [String]
        }

        private func post(_ words: [String], _ gateway: Gateway) async throws -> Answers {
            let arguments = [Built.client("post.py").path, "127.0.0.1", "\(gateway.port)", "/logs"] + words
            let output = try await Tool.output(Built.python, arguments, in: workspace)
            return try JSONDecoder().decode(Answers.self, from: Data(output.utf8))
        }

        @Test(arguments: [
            "--form object", "--form text --close", "--form array --logs 50", "--form lines --logs 50 --gzip",
            "--form lines --logs 500 --gzip --chunked", "--form array --logs 50 --expect --chunked",
        ])
        func whatWasAnsweredWith204IsInKafkaByteForByte(form: String) async throws {
            let broker = try await MockBroker.start(in: workspace)
            let gateway = try await Gateway.start(
                kafka: broker.hosts,
                routes: "- path: /logs\n  split: auto",
                in: workspace
            )
            let reader = try TopicReader(hosts: broker.hosts, in: workspace)
            let sent = workspace.fresh("sent")
            let words = form.split(separator: " ").map(String.init)
            let answers = try await post(
                words + ["--run", "post", "--requests", "20", "--sent", sent.path],
                gateway
            )
            #expect(answers.statuses == ["204": 20], "\(answers.bodies)")
            #expect(answers.connections == (words.contains("--close") ? 20 : 1))
            #expect(answers.continued == (words.contains("--expect") ? 20 : 0))

            // The answer means that Kafka has it: nothing is waited for.
            let metrics = try gateway.metrics()
            #expect(metrics.inFlight == 0)
            #expect(metrics.received == metrics.delivered)
            let report = try await reader.report(run: "post", sent: sent)
            #expect(report.missing == 0)
            #expect(report.damaged == 0)
            #expect(report.repeated == 0)
            #expect(try await gateway.stop() == .code(0))
        }

        @Test func whatAPageSendsWhenItUnloadsArrivesThoughNobodyReadsTheAnswer() async throws {
            let broker = try await MockBroker.start(in: workspace)
            let gateway = try await Gateway.start(kafka: broker.hosts, in: workspace)
            let reader = try TopicReader(hosts: broker.hosts, in: workspace)
            let sent = workspace.fresh("sent")
            let words = ["--form", "text", "--beacon", "--requests", "100", "--run", "beacon", "--sent", sent.path]
            let answers = try await post(words, gateway)
            #expect(answers.connections == 100)
            let metrics = try await gateway.settled(100)
            #expect(metrics.delivered == 100)
            #expect(try await reader.report(run: "beacon", sent: sent).missing == 0)
            #expect(try await gateway.stop() == .code(0))
        }

        @Test func whatCannotBeTakenIsAnsweredWithTheReason() async throws {
            let broker = try await MockBroker.start(in: workspace)
            let gateway = try await Gateway.start(
                kafka: broker.hosts,
                routes: "- path: /logs\n  max_message: 64KiB\n  max_len: 1KiB",
                in: workspace
            )
            let refused = [
                ("415", ["--type", "application/octet-stream"]),
                ("415", ["--type", "text/plain;charset=latin1"]),
                ("415", ["--header", "Content-Encoding: br"]),
                ("413", ["--size", "2000"]),
                ("413", ["--form", "lines", "--logs", "500", "--gzip"]),
            ]
            for (status, words) in refused {
                let answers = try await post(words, gateway)
                #expect(answers.statuses == [status: 1], "\(words)")
                #expect(answers.bodies.allSatisfy { !$0.isEmpty }, "\(words)")
            }
            #expect(try await post([], gateway).statuses == ["204": 1])
            let metrics = try gateway.metrics()
            #expect(metrics.sum("sluice_posts_total", "status=\"415\"") == 3)
            #expect(metrics.sum("sluice_posts_total", "status=\"413\"") == 2)
            #expect(metrics.isConserved)
            #expect(try await gateway.stop() == .code(0))
        }
    }
}
