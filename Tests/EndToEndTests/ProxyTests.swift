import Foundation
import Testing

extension WholeSystem {
    /// The PROXY protocol, from a proxy's side, on the built program.
    @Suite struct ProxyTests {
        private let workspace: Workspace

        init() throws { workspace = try Workspace() }

        private func start(_ listener: String = "", trusting proxies: String) async throws -> Gateway {
            try await Gateway.start(
                kafka: nil,
                routes: "- {path: /logs, source: headers}",
                settings: "trusted_proxies: [\(proxies)]",
                listener: "proxy_protocol: on\n\(listener)",
                in: workspace
            )
        }

        /// What a proxy is answered that posts a log.
        private func post(_ text: String, _ options: String..., to gateway: Gateway) async throws -> String {
            let arguments = [Built.client("proxy.py").path, "\(gateway.port)", "--text", text] + options
            let answer = try await Tool.output(Built.python, arguments, in: workspace)
            return answer.trimmingCharacters(in: .whitespacesAndNewlines)
        }

        /// Whose records say that they are from where: text and `sluice.peer`.
        private func peers(_ gateway: Gateway) async throws -> [String: String] {
            let listing = try await Tool.output(
                Built.kcat,
                ["-C", "-e", "-q", "-b", try await gateway.embeddedBroker(), "-t", "logs", "-f", "%s\t%h\n"],
                in: workspace
            )
            var peers: [String: String] = [:]
            for line in listing.split(separator: "\n") {
                let parts = line.split(separator: "\t")
                guard parts.count == 2, let text = parts[0].firstMatch(of: #/"message":"([^"]*)"/#)?.1,
                    let peer = parts[1].firstMatch(of: #/sluice\.peer=([^,]*)/#)?.1
                else { throw Failure("a record without a source: \(line)") }
                peers[String(text)] = String(peer)
            }
            return peers
        }

        private func refused(_ gateway: Gateway, _ reason: String) throws -> Int {
            try gateway.metrics().sum("sluice_connections_refused_total", "reason=\"\(reason)\"")
        }

        @Test func recordsNameTheClientBehindTheProxy() async throws {
            let gateway = try await start(trusting: "127.0.0.0/8")
            #expect(try await post("one", "--header", "v1", to: gateway) == "204")
            #expect(try await post("two", "--header", "v2", "--client", "198.51.100.9", to: gateway) == "204")
            // A health check of the proxy's own speaks for nobody.
            #expect(try await post("own", "--header", "local", to: gateway) == "204")
            let wanted = ["one": "203.0.113.7", "two": "198.51.100.9", "own": "127.0.0.1"]
            #expect(try await peers(gateway) == wanted)
            #expect(try await post("none", "--header", "none", to: gateway) == "ended")
            #expect(try refused(gateway, "proxy_refused") == 1)
            #expect(try await gateway.settled(3).delivered == 3)
            #expect(try await gateway.stop() == .code(0))
        }

        @Test func theHeaderComesBeforeTLS() async throws {
            let certificates = try await Certificates(in: workspace)
            let server = try await certificates.issue("DNS:localhost", "IP:127.0.0.1")
            let gateway = try await start(
                "ssl: {certificate: \(server.certificate.path), key: \(server.key.path)}",
                trusting: "127.0.0.1"
            )
            let authority = certificates.authority.certificate.path
            #expect(try await post("one", "--header", "v1", "--ca", authority, to: gateway) == "204")
            let other = ["--client", "198.51.100.9"]
            #expect(
                try await post("two", "--header", "v2", "--ca", authority, other[0], other[1], to: gateway) == "204"
            )
            #expect(try await peers(gateway) == ["one": "203.0.113.7", "two": "198.51.100.9"])
            #expect(try await post("none", "--header", "none", "--ca", authority, to: gateway) == "ended")
            #expect(try await post("plain", "--header", "v1", to: gateway) == "400")
            #expect(try refused(gateway, "proxy_refused") == 1)
            #expect(try refused(gateway, "tls_failed") == 1)
            #expect(try gateway.metrics().sum("sluice_tls_handshakes_total") == 2)
            #expect(try await gateway.stop() == .code(0))
        }

        @Test func whoIsNoTrustedProxyIsRefusedAndNamed() async throws {
            let gateway = try await start(trusting: "192.0.2.0/24")
            for header in ["v1", "v2", "none"] {
                #expect(try await post("log", "--header", header, to: gateway) == "ended", "\(header)")
            }
            #expect(try refused(gateway, "proxy_refused") == 3)
            #expect(gateway.event("connection.refused")?["detail"] == "127.0.0.1 is no trusted proxy")
            #expect(try gateway.metrics().received == 0)
            #expect(try await gateway.stop() == .code(0))
        }
    }
}
