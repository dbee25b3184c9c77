import Foundation
import Testing

extension WholeSystem {
    /// Clients that others have written.
    @Suite struct InteropTests {
        private let workspace: Workspace

        init() throws { workspace = try Workspace() }

        @Test func compressedLogsArriveByteForByteInOrderAndOnce() async throws {
            let gateway = try await Gateway.start(kafka: nil, in: workspace)
            let reader = try TopicReader(hosts: try await gateway.embeddedBroker(), in: workspace)
            let sent = workspace.fresh("sent")
            let client = try Tool.client(
                "relay.py",
                ["\(gateway.url)/logs", "--run", "packed", "--connections", "20", "--messages", "2000"]
                    + ["--compression", "--sent", sent.path],
                in: workspace
            )
            #expect(try await client.exit(within: .seconds(240)) == .code(0), "\(client.errors)")
            let metrics = try await gateway.settled(40_000)
            #expect(metrics.delivered == 40_000)
            #expect(metrics.isConserved)
            let report = try await reader.report(run: "packed", sent: sent)
            #expect(report.count == 40_000)
            #expect(report.missing + report.damaged + report.repeated + report.disordered + report.unexpected == 0)
            #expect(try await gateway.stop() == .code(0))
        }

        private struct Outcome: Decodable {
            let sent: Int
            let `protocol`: String?
            let pong: String
        }

        /// Where a token may stand.
        @Test(arguments: [
            ["--header", "Authorization: Bearer s3cret"],
            ["--header", "Authorization: Basic dXNlcjpwYXNz"],
            ["--cookie", "theme=dark; token=s3cret"],
            ["--protocol", "sluice", "--protocol", "token.s3cret"],
            ["?token=s3cret"],
            ["/t/s3cret/logs"],
        ])
        func websocketClientBringsItsTokenInEveryPlace(place: [String]) async throws {
            let gateway = try await Gateway.start(
                kafka: nil,
                routes: """
                    - path: /logs
                      auth: {tokens: [s3cret], basic: [{username: user, password: pass}]}
                    """,
                in: workspace
            )
            var url = "\(gateway.url)/logs"
            var options = place
            if place[0].hasPrefix("?") { (url, options) = (url + place[0], []) }
            if place[0].hasPrefix("/") { (url, options) = (gateway.url + place[0], []) }
            let client = try Tool.client(
                "wsclient.py",
                [url, "--run", "w", "--messages", "50"] + options,
                in: workspace
            )
            #expect(try await client.exit() == .code(0), "\(client.errors)")
            let outcome = try JSONDecoder().decode(Outcome.self, from: Data(client.output.utf8))
            #expect(outcome.pong == "pong")
            #expect(outcome.protocol == (options.contains("--protocol") ? "sluice" : nil))
            #expect(try await gateway.settled(50).delivered == 50)

            let stranger = try Tool.client(
                "wsclient.py",
                ["\(gateway.url)/logs", "--run", "w", "--messages", "1", "--header", "Authorization: Bearer wrong"],
                in: workspace
            )
            #expect(try await stranger.exit() != .code(0))
            #expect(stranger.errors.contains("401"), "\(stranger.errors)")
            for secret in ["s3cret", "wrong", "dXNlcjpwYXNz"] { #expect(!gateway.child.errors.contains(secret)) }
            #expect(try await gateway.stop() == .code(0))
        }

        /// Status, content type, further arguments of curl, body, records.
        struct Posting: Sendable, CustomTestStringConvertible {
            let status: String
            let type: String
            let body: String
            let records: [String]
            var isPacked = false
            var testDescription: String { "\(type) \(body.prefix(40))" }
        }

        @Test(arguments: [
            Posting(
                status: "204",
                type: "application/json",
                body: #"{"timestamp":"2026-01-02T03:04:05Z","message":"a"}"#,
                records: [#"{"timestamp":"2026-01-02T03:04:05Z","message":"a"}"#]
            ),
            Posting(
                status: "204",
                type: "application/x-ndjson",
                body: "{\"timestamp\":1}\n\r\n{\"timestamp\":2}\r\n{\"timestamp\":3}",
                records: [#"{"timestamp":1}"#, #"{"timestamp":2}"#, #"{"timestamp":3}"#],
                isPacked: true
            ),
            Posting(
                status: "204",
                type: "text/plain;charset=UTF-8",
                body: #"{"timestamp":1,"message":"beacon"}"#,
                records: [#"{"timestamp":1,"message":"beacon"}"#]
            ),
            Posting(status: "400", type: "application/json", body: #"{"broken""#, records: []),
            Posting(status: "413", type: "text/plain", body: String(repeating: "x", count: 5_000), records: []),
            Posting(status: "415", type: "image/png", body: "x", records: []),
        ])
        func curlPostsLogs(posting: Posting) async throws {
            let gateway = try await Gateway.start(kafka: nil, routes: "- path: /logs\n  max_len: 4KiB", in: workspace)
            let reader = try TopicReader(hosts: try await gateway.embeddedBroker(), in: workspace)
            var file = try workspace.file("body", posting.body)
            var options = ["-H", "Content-Type: \(posting.type)"]
            if posting.isPacked {
                _ = try await Tool.output(Built.bash, ["-c", "gzip '\(file.path)'"], in: workspace)
                file = URL(filePath: file.path + ".gz")
                options += ["-H", "Content-Encoding: gzip"]
            }
            let status = try await Tool.output(
                Built.curl,
                ["-s", "-o", "/dev/null", "-w", "%{http_code}", "--data-binary", "@\(file.path)"] + options
                    + ["http://127.0.0.1:\(gateway.port)/logs"],
                in: workspace
            )
            #expect(status == posting.status)
            let metrics = try gateway.metrics()
            // 204 says that they are stored.
            #expect(metrics.delivered == posting.records.count)
            #expect(metrics.isConserved)
            let records = try await reader.records(posting.records.count)
            #expect(records.sorted() == posting.records)
            #expect(try await gateway.stop() == .code(0))
        }
    }
}
