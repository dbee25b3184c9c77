import Foundation
import Testing

extension WholeSystem {
    /// A real client's logs, read back from the topic.
    @Suite struct RelayTests {
        private let workspace: Workspace

        init() throws { workspace = try Workspace() }

        @Test func aHundredThousandLogsOverFiftyConnectionsArriveByteForByteInOrderAndOnce() async throws {
            let gateway = try await Gateway.start(kafka: nil, in: workspace)
            let hosts = try await gateway.embeddedBroker()
            let reader = try TopicReader(hosts: hosts, in: workspace)
            let sent = workspace.fresh("sent")
            let client = try Tool.client(
                "relay.py",
                [
                    "\(gateway.url)/logs", "--run", "relay", "--connections", "50", "--messages", "2000", "--sent",
                    sent.path,
                ],
                in: workspace
            )
            #expect(try await client.exit(within: .seconds(240)) == .code(0))

            let metrics = try await gateway.settled(100_000)
            #expect(metrics.received == 100_000)
            #expect(metrics.delivered == 100_000)
            #expect(metrics.isConserved)
            let report = try await reader.report(run: "relay", sent: sent)
            #expect(report.count == 100_000)
            #expect(report.missing == 0)
            #expect(report.damaged == 0)
            #expect(report.repeated == 0)
            #expect(report.disordered == 0)
            #expect(report.unexpected == 0)
            #expect(try await gateway.stop() == .code(0))
        }

        @Test func everyScrapeUnderLoadIsConserved() async throws {
            let broker = try await MockBroker.start(in: workspace)
            let gateway = try await Gateway.start(
                kafka: broker.hosts,
                routes: "- path: /logs\n  max_len: 400B",
                settings: "loops: 2",
                in: workspace
            )
            let sizes = [200, 600]
            let clients = try sizes.map { size in
                try Tool.client(
                    "relay.py",
                    [
                        "\(gateway.url)/logs", "--run", "size\(size)", "--connections", "10", "--messages", "1000",
                        "--size", "\(size)",
                    ],
                    in: workspace
                )
            }
            var scrapes = 0
            try await eventually("the clients are done", within: .seconds(600)) {
                for _ in 0..<10 {
                    let metrics = try gateway.metrics()
                    #expect(
                        metrics.isConserved,
                        "\(metrics.received) = \(metrics.delivered) + \(metrics.dropped) + \(metrics.inFlight)"
                    )
                    scrapes += 1
                }
                return clients.allSatisfy { $0.status != nil }
            }
            #expect(scrapes > 50)
            let metrics = try await gateway.settled(20_000)
            #expect(metrics.delivered == 10_000)
            #expect(metrics.sum("sluice_logs_dropped_total", #"reason="max_len""#) == 10_000)
            #expect(try await gateway.stop() == .code(0))
        }

        @Test(arguments: [
            (
                #"{"timestamp":"2026-01-02T03:04:05Z","message":"as it is","more":[1,2]}"#,
                #"^\{"timestamp":"2026-01-02T03:04:05Z","message":"as it is","more":\[1,2\]\}$"#
            ),
            (#"{"message":"no time"}"#, #"^\{"timestamp":"\d{4}-\d\d-\d\dT[0-9:.]+Z",\s*"message":"no time"\}$"#),
            ("{}", #"^\{"timestamp":"\d{4}-\d\d-\d\dT[0-9:.]+Z"\}$"#),
            (
                "plain \"text\" \u{1F680}\n",
                #"^\{"timestamp":"\d{4}-\d\d-\d\dT[0-9:.]+Z",\s*"message":"plain \\"text\\" 🚀\\n"\}$"#
            ),
            ("[1]", #"^\{"timestamp":"\d{4}-\d\d-\d\dT[0-9:.]+Z",\s*"message":"\[1\]"\}$"#),
        ])
        func aLogBecomesARecordAsThePolicySays(log: String, record: String) async throws {
            let broker = try await MockBroker.start(in: workspace)
            let gateway = try await Gateway.start(kafka: broker.hosts, in: workspace)
            let reader = try TopicReader(hosts: broker.hosts, in: workspace)
            let socket = try RawWebSocket(port: gateway.port)
            try socket.send(text: log)
            let found = try await reader.records(1)
            #expect(try found[0].firstMatch(of: Regex(record)) != nil, "\(found)")
            try socket.close()
            #expect(try await gateway.stop() == .code(0))
        }
    }
}
