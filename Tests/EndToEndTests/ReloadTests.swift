import Foundation
import Testing

extension WholeSystem {
    /// Certificates and tokens that are renewed while Sluice runs.
    @Suite struct ReloadTests {
        private let workspace: Workspace

        init() throws { workspace = try Workspace() }

        private func certificate(_ name: String) async throws -> (certificate: URL, key: URL) {
            let (certificate, key) = (workspace.fresh("\(name).pem"), workspace.fresh("\(name).key"))
            _ = try await Tool.output(
                URL(filePath: "/usr/bin/openssl"),
                [
                    "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
                    "30",
                    "-subj", "/CN=\(name)", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-out",
                    certificate.path, "-keyout", key.path,
                ],
                in: workspace
            )
            return (certificate, key)
        }

        private func copy(_ from: URL, over: URL) throws {
            try Data(contentsOf: from).write(to: over)
        }

        private func send(
            _ gateway: Gateway,
            token: String = "former-token",
            _ arguments: String...
        ) async throws -> Tool.Result {
            try await Tool.run(
                Built.sluice,
                ["send", "wss://127.0.0.1:\(gateway.port)/logs", "hello"] + arguments,
                in: workspace,
                environment: ["SLUICE_TOKEN": token]
            )
        }

        @Test func certificatesAndTokensAreRenewedWhileItRuns() async throws {
            let broker = try await MockBroker.start(topics: ["logs": 1], in: workspace)
            let old = try await certificate("old")
            let new = try await certificate("new")
            let used = (certificate: workspace.fresh("used.pem"), key: workspace.fresh("used.key"))
            try copy(old.certificate, over: used.certificate)
            try copy(old.key, over: used.key)
            let tokens = try workspace.file("tokens", "former-token\n")
            let gateway = try await Gateway.start(
                kafka: broker.hosts,
                settings: "auth.tokens_file: \(tokens.path)",
                listener: "ssl: {certificate: \(used.certificate.path), key: \(used.key.path)}",
                in: workspace
            )

            #expect(try await send(gateway, "--ca", old.certificate.path).status == .code(0))
            let untrusted = try await send(gateway, "--ca", new.certificate.path)
            #expect(untrusted.status == .code(1) && untrusted.errors.contains("--ca FILE"), "\(untrusted)")
            let stranger = try await send(gateway, token: "stranger-token", "--insecure")
            #expect(stranger.status == .code(1) && stranger.errors.contains("401"), "\(stranger)")

            // The key alone does not fit: nothing changes until its certificate has come too.
            try copy(new.key, over: used.key)
            try await eventually("the key that does not fit is said") {
                gateway.event("reload.failed")?["setting"] == "listeners[0].ssl.key"
            }
            #expect(try await send(gateway, "--ca", old.certificate.path).status == .code(0))
            try copy(new.certificate, over: used.certificate)
            try await eventually("the new certificate is in use") { gateway.event("reloaded") != nil }
            #expect(try await send(gateway, "--ca", new.certificate.path).status == .code(0))

            try Data("later-token\n".utf8).write(to: tokens)
            gateway.child.signal(SIGHUP)
            try await eventually("the signal is answered") {
                gateway.events.contains { $0["event"] == "reloaded" && $0["need_restart"] == "0" }
            }
            #expect(try await send(gateway, token: "later-token", "--insecure").status == .code(0))
            #expect(try await send(gateway, token: "former-token", "--insecure").status == .code(1))

            try await gateway.settled(4)
            #expect(try await gateway.stop() == .code(0))
            let said = gateway.child.errors
            #expect(!said.contains("stranger-token") && !said.contains("later-token"), "\(said)")
        }

        @Test func plainTextToATLSListenerAndTheOtherWayRoundAreSaid() async throws {
            let broker = try await MockBroker.start(topics: ["logs": 1], in: workspace)
            let files = try await certificate("one")
            let secure = try await Gateway.start(
                kafka: broker.hosts,
                listener: "ssl: {certificate: \(files.certificate.path), key: \(files.key.path)}",
                in: workspace
            )
            let plain = try await Gateway.start(kafka: broker.hosts, in: workspace)
            let toSecure = try await Tool.run(Built.sluice, ["send", "\(secure.url)/logs", "hello"], in: workspace)
            #expect(toSecure.status == .code(1) && !toSecure.errors.isEmpty, "\(toSecure)")
            let toPlain = try await send(plain)
            #expect(toPlain.status == .code(1) && toPlain.errors.contains("TLS failed"), "\(toPlain)")
            #expect(try await secure.stop() == .code(0))
            #expect(try await plain.stop() == .code(0))
        }
    }
}
