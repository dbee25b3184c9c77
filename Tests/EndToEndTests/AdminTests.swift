import Foundation
import Testing

extension WholeSystem {
    /// The pages for operators.
    @Suite struct AdminTests {
        private let workspace: Workspace

        init() throws { workspace = try Workspace() }

        /// The names of design.md section 5 and no others.
        private static let names: Set<String> = [
            "sluice_logs_received_total", "sluice_logs_delivered_total", "sluice_logs_dropped_total",
            "sluice_logs_in_flight", "sluice_in_flight_bytes", "sluice_oldest_in_flight_seconds",
            "sluice_received_bytes_total", "sluice_connections", "sluice_connections_accepted_total",
            "sluice_connections_refused_total", "sluice_connections_paused", "sluice_connections_reset_total",
            "sluice_echoes_skipped_total", "sluice_reordered_total", "sluice_kafka_uncertain_total",
            "sluice_delivery_seconds_bucket", "sluice_delivery_seconds_sum", "sluice_delivery_seconds_count",
            "sluice_build_info", "sluice_connections_slowed_total", "sluice_posts_total",
            "sluice_tls_handshakes_total", "sluice_acks_sent_total",
            "sluice_dead_letters_total", "sluice_resent_messages_total", "sluice_sessions",
        ]

        @Test func metricsHaveTheDocumentedNamesFromTheStart() async throws {
            let broker = try await MockBroker.start(in: workspace)
            let gateway = try await Gateway.start(kafka: broker.hosts, in: workspace)
            let metrics = try gateway.metrics()
            #expect(metrics.names == Self.names)
            let document = try String(
                contentsOf: Built.package.appending(path: "Sources/sluice/Documentation.docc/Metrics.md"),
                encoding: .utf8
            )
            for name in metrics.names where !name.hasPrefix("sluice_delivery_seconds_") {
                #expect(document.contains("`\(name)"), "Metrics.md does not explain \(name)")
            }
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
