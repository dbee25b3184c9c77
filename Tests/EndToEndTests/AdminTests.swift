import Foundation
import Testing

extension WholeSystem {
    /// The pages for operators.
    @Suite struct AdminTests {
        private let workspace: Workspace

        init() throws { workspace = try Workspace() }

        /// What a table of Metrics.md documents, and what `# TYPE` lines of a scrape say, with their types.
        private static func families(
            _ text: String,
            _ pattern: Regex<(Substring, Substring, Substring)>
        ) -> [String: String] {
            Dictionary(text.matches(of: pattern).map { (String($0.1), String($0.2)) }, uniquingKeysWith: { $1 })
        }

        @Test func metricsAreThoseOfTheDocumentFromTheStart() async throws {
            let broker = try await MockBroker.start(in: workspace)
            let gateway = try await Gateway.start(kafka: broker.hosts, in: workspace)
            let scraped = Self.families(try HTTP.get("/metrics", port: gateway.admin).body, /# TYPE (\w+) (\w+)\n/)
            let document = try String(
                contentsOf: Built.package.appending(path: "Sources/sluice/Documentation.docc/Metrics.md"),
                encoding: .utf8
            )
            let documented = Self.families(
                document,
                /\n\| `(\w+)(?:\{[\w,]+\})?` \| (counter|gauge|histogram|untyped) \|/
            )
            #expect(scraped.count > 50)
            // What is told of the cluster depends on the cluster, and on when it was asked.
            #expect(scraped == documented.filter { !$0.key.hasPrefix("kafka_") || scraped[$0.key] != nil })
            #expect(try await gateway.stop() == .code(0))
        }

        @Test func metricsComeInTheFormatThatIsAskedFor() async throws {
            let broker = try await MockBroker.start(in: workspace)
            let gateway = try await Gateway.start(kafka: broker.hosts, in: workspace)
            let openMetrics = try HTTP.get("/metrics?format=openmetrics", port: gateway.admin)
            #expect(openMetrics.head.contains("application/openmetrics-text; version=1.0.0"))
            #expect(openMetrics.body.hasSuffix("\n# EOF\n"))
            #expect(openMetrics.body.contains("# TYPE sluice_logs_received counter\n"))
            let influx = try HTTP.get("/metrics?format=influx", port: gateway.admin).body
            #expect(influx.contains("sluice_logs_received_total,route=/logs value=0i\n"))
            for line in influx.split(separator: "\n") {
                // measurement[,tag=value…] field=number[,field=number…]
                #expect(line.wholeMatch(of: /\w+(,\w+=[^ ,=]+)* \w+=[-+.e\d]+i?(,\w+=[-+.e\d]+i?)*/) != nil, "\(line)")
            }
            #expect(try HTTP.get("/metrics?format=xml", port: gateway.admin).status == 400)
            #expect(try await gateway.stop() == .code(0))
        }

        @Test func countersTellWhatHappened() async throws {
            let broker = try await MockBroker.start(in: workspace)
            let gateway = try await Gateway.start(
                kafka: broker.hosts,
                routes: "- path: /logs\n- path: /nothing\n  topic: none",
                in: workspace
            )
            let socket = try RawWebSocket(port: gateway.port)
            let log = #"{"timestamp":"2026-01-02T03:04:05Z","message":"counted"}"#
            try socket.send(text: log)
            let silent = try RawWebSocket(port: gateway.port, path: "/nothing")
            try silent.send(text: "to nobody")
            try await gateway.settled(1)
            try await eventually("the bytes of the route without a topic are counted") {
                try gateway.metrics().sum("sluice_received_bytes_total", #"route="/nothing""#) == 9
            }
            let metrics = try gateway.metrics()
            #expect(metrics.received == 1)
            #expect(metrics.sum("sluice_logs_received_total", #"route="/logs""#) == 1)
            #expect(metrics.sum("sluice_received_bytes_total", #"route="/logs""#) == log.utf8.count)
            #expect(metrics.sum("sluice_connections", #"route="/logs""#) == 1)
            #expect(metrics.sum("sluice_connections", #"route="/nothing""#) == 1)
            #expect(metrics.sum("sluice_connections_accepted_total") == 2)
            #expect(metrics.sum("sluice_delivery_seconds_count") == 1)
            #expect(metrics.sum("sluice_build_info") == 1)
            #expect(try HTTP.get("/logs", port: gateway.port).status == 426)
            try await eventually("a refusal is counted") {
                try gateway.metrics().sum("sluice_connections_refused_total") == 1
            }
            try silent.close()
            silent.socket.resetOnClose()
            try socket.close()
            #expect(try await gateway.stop() == .code(0))
        }

        @Test func healthPagesAnswerWithTheirStatus() async throws {
            let broker = try await MockBroker.start(in: workspace)
            let gateway = try await Gateway.start(kafka: broker.hosts, in: workspace)
            #expect(try HTTP.get("/livez", port: gateway.admin).status == 200)
            let ready = try gateway.readiness()
            #expect(ready.status == 200)
            #expect(ready.body.contains(#""ready":true"#))
            #expect(try HTTP.get("/nothing", port: gateway.admin).status == 404)
            let metrics = try HTTP.get("/metrics", port: gateway.admin)
            #expect(metrics.head.lowercased().contains("content-type: text/plain; version=0.0.4"))
            #expect(try await gateway.stop() == .code(0))
        }

        @Test func withoutABrokerItIsAliveAndNotReadyAndSaysWhy() async throws {
            // Port 1 is one that nobody listens on.
            let gateway = try await Gateway.start(kafka: "127.0.0.1:1", ready: false, in: workspace)
            #expect(try HTTP.get("/livez", port: gateway.admin).status == 200)
            try await eventually("/readyz names the brokers") {
                let response = try gateway.readiness()
                return response.status == 503 && response.body.contains(#""reason":"brokers_down""#)
            }
            let socket = try RawSocket(port: gateway.port)
            try socket.send(RawWebSocket.handshake("/logs"))
            let refusal = try HTTP.parse(socket.receiveAll().text)
            #expect(refusal.status == 503)
            #expect(refusal.head.lowercased().contains("retry-after:"))
            #expect(try await gateway.stop() == .code(0))
        }
    }
}
