import Foundation
import Testing

extension WholeSystem {
    /// wss from outside: what `openssl s_client` and real clients see.
    @Suite struct SecureListenerTests {
        private let workspace: Workspace

        init() throws { workspace = try Workspace() }

        private func start(_ ssl: String, routes: String = "- path: /logs") async throws -> Gateway {
            try await Gateway.start(kafka: nil, routes: routes, listener: "ssl: {\(ssl)}", in: workspace)
        }

        /// What s_client says of a handshake.
        private func handshake(_ gateway: Gateway, _ options: String...) async throws -> Tool.Result {
            try await Tool.run(
                Built.openssl,
                ["s_client", "-connect", "127.0.0.1:\(gateway.port)"] + options,
                input: "",
                in: workspace
            )
        }

        @Test func logsOverTLSArriveByteForByte() async throws {
            let certificates = try await Certificates(in: workspace)
            let server = try await certificates.issue("DNS:localhost", "IP:127.0.0.1")
            let gateway = try await start("certificate: \(server.certificate.path), key: \(server.key.path)")
            let reader = try TopicReader(hosts: try await gateway.embeddedBroker(), in: workspace)
            let sent = workspace.fresh("sent")
            let client = try Tool.client(
                "relay.py",
                ["wss://127.0.0.1:\(gateway.port)/logs", "--run", "tls", "--connections", "20", "--messages", "500"]
                    + ["--ca", certificates.authority.certificate.path, "--compression", "--sent", sent.path],
                in: workspace
            )
            #expect(try await client.exit(within: .seconds(240)) == .code(0), "\(client.errors)")
            let metrics = try await gateway.settled(10_000)
            #expect(metrics.isConserved)
            #expect(metrics.sum("sluice_tls_handshakes_total") == 20)
            let report = try await reader.report(run: "tls", sent: sent)
            #expect(report.count == 10_000)
            #expect(report.missing + report.damaged + report.repeated + report.disordered + report.unexpected == 0)
            #expect(try await gateway.stop() == .code(0))
        }

        @Test func oldProtocolsAndWeakCiphersAreRefused() async throws {
            let certificates = try await Certificates(in: workspace)
            let server = try await certificates.issue("DNS:localhost", rsa: true)
            let gateway = try await start("certificate: \(server.certificate.path), key: \(server.key.path)")
            for old in ["-tls1", "-tls1_1"] {
                let result = try await handshake(gateway, old, "-cipher", "ALL:@SECLEVEL=0")
                #expect(result.status != .code(0), "\(old): \(result.output)")
            }
            for weak in ["AES128-SHA", "AES256-GCM-SHA384", "ECDHE-RSA-AES128-SHA", "DHE-RSA-AES128-SHA"] {
                let result = try await handshake(gateway, "-tls1_2", "-cipher", "\(weak):@SECLEVEL=0")
                #expect(result.status != .code(0), "\(weak): \(result.output)")
            }
            let tls12 = try await handshake(gateway, "-tls1_2")
            #expect(tls12.output.contains("ECDHE-RSA-"), "\(tls12.output)")
            let tls13 = try await handshake(gateway, "-tls1_3")
            #expect(tls13.output.contains("TLSv1.3"), "\(tls13.output)")
            try await eventually("refusals are counted") {
                try gateway.metrics().sum("sluice_connections_refused_total", #"reason="tls_failed""#) >= 6
            }
            #expect(try await gateway.stop() == .code(0))
        }

        @Test func onlyTheVersionsAskedForAreSpoken() async throws {
            let certificates = try await Certificates(in: workspace)
            let server = try await certificates.issue("DNS:localhost")
            let gateway = try await start(
                "certificate: \(server.certificate.path), key: \(server.key.path), supported_protocols: [TLSv1.3]"
            )
            #expect(try await handshake(gateway, "-tls1_2").status != .code(0))
            #expect(try await handshake(gateway, "-tls1_3").status == .code(0))
            #expect(try await gateway.stop() == .code(0))
        }

        @Test func theNameAskedForChoosesTheCertificateAndTheChainIsWhole() async throws {
            let certificates = try await Certificates(in: workspace)
            let first = try await certificates.issue("DNS:first.example")
            let second = try await certificates.issue("DNS:second.example", "DNS:*.wild.example", rsa: true)
            let gateway = try await start(
                """
                certificate: \(first.certificate.path), key: \(first.key.path), \
                certificates: [{certificate: \(second.certificate.path), key: \(second.key.path)}]
                """
            )
            let wanted = [
                ("first.example", "first.example"), ("second.example", "second.example"),
                ("a.wild.example", "second.example"), ("a.b.wild.example", "first.example"),
                ("unknown.example", "first.example"),
            ]
            for (asked, given) in wanted {
                let result = try await handshake(
                    gateway,
                    "-servername",
                    asked,
                    "-CAfile",
                    certificates.authority.certificate.path
                )
                #expect(result.output.contains("CN = \(given)"), "\(asked): \(result.output)")
                #expect(result.output.contains("Verify return code: 0 (ok)"), "\(asked): \(result.output)")
            }
            let none = try await handshake(gateway, "-noservername", "-alpn", "h2,http/1.1")
            #expect(none.output.contains("CN = first.example"))
            #expect(none.output.contains("ALPN protocol: http/1.1"), "\(none.output)")
            #expect(try await gateway.stop() == .code(0))
        }

        @Test(arguments: ["optional", "required"])
        func clientCertificatesAreJudged(rule: String) async throws {
            let certificates = try await Certificates(in: workspace)
            let server = try await certificates.issue("DNS:localhost")
            let client = try await certificates.issue("DNS:agent-7")
            let strangers = try await Certificates(in: workspace)
            let stranger = try await strangers.issue("DNS:stranger")
            let gateway = try await start(
                """
                certificate: \(server.certificate.path), key: \(server.key.path), \
                certificate_authorities: [\(certificates.authority.certificate.path)], client_authentication: \(rule)
                """
            )
            let url = "https://127.0.0.1:\(gateway.port)/logs"
            let post = ["-sk", "-o", "/dev/null", "-w", "%{http_code}", "--data-binary", "{}", url]
            func status(_ pair: Certificates.Pair?) async throws -> String {
                let own = pair.map { ["--cert", $0.certificate.path, "--key", $0.key.path] } ?? []
                return try await Tool.run(Built.curl, own + ["-H", "Content-Type: text/plain"] + post, in: workspace)
                    .output
            }
            #expect(try await status(client) == "204")
            #expect(try await status(nil) == (rule == "required" ? "000" : "204"))
            #expect(try await status(stranger) == "000")
            #expect(try await gateway.stop() == .code(0))
        }

        @Test func garbageAndHalfHandshakesEndWithoutHurtingAnybody() async throws {
            let certificates = try await Certificates(in: workspace)
            let server = try await certificates.issue("DNS:localhost", "IP:127.0.0.1")
            let gateway = try await start("certificate: \(server.certificate.path), key: \(server.key.path)")
            let before = try gateway.descriptors()
            for bytes in [Array("GET / HTTP/1.1\r\n\r\n".utf8), [0x16, 3, 1, 0, 5, 1, 0, 0, 1, 3], [UInt8](0...255)] {
                for _ in 0..<20 {
                    let socket = try RawSocket(port: gateway.port)
                    socket.offer(bytes)
                    socket.shutWriting()
                    _ = socket.receiveAll()
                }
            }
            let client = try Tool.client(
                "relay.py",
                ["wss://127.0.0.1:\(gateway.port)/logs", "--run", "after", "--messages", "100"]
                    + ["--ca", certificates.authority.certificate.path],
                in: workspace
            )
            #expect(try await client.exit() == .code(0), "\(client.errors)")
            try await gateway.settled(100)
            try await eventually("nothing stays open") { try gateway.descriptors() <= before }
            #expect(try await gateway.stop() == .code(0))
        }

        @Test func certificatesAreRenewedUnderLoadWithoutAFailedConnection() async throws {
            let certificates = try await Certificates(in: workspace)
            let pairs = [
                try await certificates.issue("DNS:one.example", "IP:127.0.0.1"),
                try await certificates.issue("DNS:two.example", "IP:127.0.0.1"),
            ]
            let live = Certificates.Pair(certificate: workspace.fresh("live.pem"), key: workspace.fresh("live.key"))
            func install(_ pair: Certificates.Pair) throws {
                // The key first and over its old name at once, as tools that renew certificates do.
                for (from, to) in [(pair.key, live.key), (pair.certificate, live.certificate)] {
                    let fresh = workspace.fresh("fresh")
                    try FileManager.default.copyItem(at: from, to: fresh)
                    guard rename(fresh.path, to.path) == 0 else { throw Failure("rename: \(errno)") }
                }
            }
            try install(pairs[0])
            let gateway = try await start("certificate: \(live.certificate.path), key: \(live.key.path)")
            let client = try Tool.client(
                "reconnect.py",
                ["wss://127.0.0.1:\(gateway.port)/logs", "--ca", certificates.authority.certificate.path],
                in: workspace
            )
            _ = try await client.lines(1)
            var answers = 1
            func connections() async throws -> Int {
                try client.tell("count")
                answers += 1
                return Int(try await client.lines(answers)[answers - 1]) ?? 0
            }
            for round in 1...6 {
                let before = try await connections()
                let next = round % 2
                try install(pairs[next])
                // Half of the rounds wait for the files to be noticed, half say so.
                if round > 3 { gateway.child.signal(SIGHUP) }
                try await eventually("round \(round) shows the new certificate") {
                    let shown = try await handshake(gateway, "-servername", "any")
                    return shown.output.contains("CN = \(next == 0 ? "one" : "two").example")
                }
                try await eventually("others have come in meanwhile") { try await connections() >= before + 10 }
            }
            // A key that does not match changes nothing.
            try FileManager.default.copyItem(at: pairs[1].key, to: workspace.fresh("x"))
            let other = workspace.fresh("other")
            try FileManager.default.copyItem(at: pairs[1].key, to: other)
            #expect(rename(other.path, live.key.path) == 0)
            gateway.child.signal(SIGHUP)
            try await eventually("the fault is logged") { gateway.child.errors.contains(live.key.lastPathComponent) }
            let shown = try await handshake(gateway, "-servername", "any")
            #expect(shown.output.contains("CN = one.example"))
            try client.tell("stop")
            #expect(try await client.exit() == .code(0), "\(client.errors)")
            let counts = try JSONDecoder().decode(
                [String: Int].self,
                from: Data(client.output.split(separator: "\n").last!.utf8)
            )
            #expect(counts["failed"] == 0, "\(client.errors)")
            #expect((counts["connections"] ?? 0) > 50)
            let metrics = try await gateway.settled(counts["sent"] ?? 0)
            #expect(metrics.delivered == counts["sent"])
            #expect(try await gateway.stop() == .code(0))
        }
    }
}
