import Foundation
import Testing

extension WholeSystem {
    /// Clients that mean no good, beside one that is well-behaved: all of its messages come back, memory is bounded,
    /// the abuse is counted. How much slower they came back is printed, never asserted.
    @Suite struct AbuseTests {
        private let workspace: Workspace

        init() throws { workspace = try Workspace() }

        struct Abuse: Sendable, CustomTestStringConvertible {
            let kind: String
            var path = "/echo"
            var connections = 4
            /// What counts it, and with which label.
            let metric: String
            let label: String
            var isSecure = false
            var handshakeTimeout = "2s"

            var testDescription: String { kind }
        }

        private struct Neighbour: Decodable {
            let count: Int
            let lost: Int
            let p50: Int
            let p99: Int
        }

        private struct Done: Decodable {
            let done: Int
            let refused: Int
        }

        private func neighbour(_ gateway: Gateway, seconds: Int) async throws -> Neighbour {
            let child = try Tool.client(
                "neighbour.py",
                ["\(gateway.port)", "/echo", "--seconds", "\(seconds)"],
                in: workspace
            )
            #expect(try await child.exit(within: .seconds(240)) == .code(0), "\(child.errors)")
            return try JSONDecoder().decode(Neighbour.self, from: Data(child.output.utf8))
        }

        private static let refused = "sluice_connections_refused_total"
        private static let slowed = "sluice_connections_slowed_total"

        @Test(arguments: [
            Abuse(kind: "handshakes", connections: 900, metric: refused, label: #"reason="handshake_timeout""#),
            Abuse(
                kind: "bodies",
                path: "/logs",
                connections: 900,
                metric: "sluice_posts_total",
                label: #"status="408""#
            ),
            Abuse(
                kind: "idle",
                connections: 2000,
                metric: refused,
                label: #"reason="too_many_handshakes""#,
                handshakeTimeout: "30s"
            ),
            Abuse(kind: "churn", metric: "", label: ""),
            Abuse(kind: "pings", metric: slowed, label: #"reason="overhead_frames""#),
            Abuse(kind: "empty", path: "/logs", metric: slowed, label: #"reason="overhead_frames""#),
            Abuse(kind: "fragments", path: "/logs", metric: slowed, label: #"reason="overhead_frames""#),
            Abuse(kind: "bombs", path: "/logs", metric: "sluice_logs_dropped_total", label: #"reason="max_len""#),
            Abuse(
                kind: "tls",
                connections: 900,
                metric: refused,
                label: #"reason="handshake_timeout""#,
                isSecure: true
            ),
        ])
        func anAbuserSlowsNobodyAndIsCounted(abuse: Abuse) async throws {
            let broker = try await MockBroker.start(in: workspace)
            var configuration = Gateway.configuration(
                kafka: broker.hosts,
                kafkaSettings: "",
                routes: "- path: /logs\n- path: /echo\n  reply: echo",
                settings: "handshake_timeout: \(abuse.handshakeTimeout)\nmessage_timeout: 2s\nloops: 1\nmax_len: 64KiB",
                listener: ""
            )
            if abuse.isSecure {
                let server = try await Certificates(in: workspace).issue("DNS:localhost")
                let ssl = "{certificate: \(server.certificate.path), key: \(server.key.path)}"
                configuration.replace(
                    "\nadmin:",
                    with: "\n  - address: 127.0.0.1:0\n    ssl: \(ssl)\nadmin:",
                    maxReplacements: 1
                )
            }
            let gateway = try await Gateway.start(
                file: try workspace.file("sluice.yml", configuration),
                in: workspace
            )
            let target = abuse.isSecure ? try gateway.secondPort() : gateway.port
            let quiet = try await neighbour(gateway, seconds: 2)
            let memory = try gateway.residentBytes()
            let processor = try gateway.processorTime()
            let abuser = try Tool.client(
                "abuse.py",
                [abuse.kind, "\(target)", abuse.path, "--seconds", "6", "--connections", "\(abuse.connections)"],
                in: workspace
            )
            let beside = try await neighbour(gateway, seconds: 5)
            let grown = try gateway.residentBytes() - memory
            let used = try gateway.processorTime() - processor
            #expect(try await abuser.exit(within: .seconds(240)) == .code(0), "\(abuser.errors)")
            let done = try JSONDecoder().decode(Done.self, from: Data(abuser.output.utf8))
            print(
                "abuse \(abuse.kind): \(done.done) done, \(done.refused) ended by the gateway; memory +\(grown >> 10) KiB,"
                    + " processor \(used); neighbour p50 \(quiet.p50) -> \(beside.p50) µs, p99 \(quiet.p99) -> \(beside.p99) µs"
            )
            #expect(beside.lost == 0)
            #expect(done.done > 0)
            #expect(grown < 48 << 20)
            if !abuse.metric.isEmpty {
                try await eventually("\(abuse.kind) is counted") {
                    try gateway.metrics().sum(abuse.metric, abuse.label) > 0
                }
            }
            let metrics = try gateway.metrics()
            #expect(metrics.isConserved)
            #expect(try await gateway.stop() == .code(0))
        }
    }
}
