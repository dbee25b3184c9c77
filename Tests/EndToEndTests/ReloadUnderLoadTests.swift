import Foundation
import Glibc
import Testing

extension WholeSystem {
    /// Settings that are read again while clients send: nobody is dropped, nothing is lost, and what is wrong changes
    /// nothing.
    @Suite struct ReloadUnderLoadTests {
        private let workspace: Workspace
        private let file: URL
        private let used: Certificates.Pair

        init() throws {
            workspace = try Workspace()
            file = workspace.fresh("sluice.yml")
            used = Certificates.Pair(certificate: workspace.fresh("used.pem"), key: workspace.fresh("used.key"))
        }

        private func configure(_ hosts: String, token: String, maxLen: String = "64KiB", routes: String = "") throws {
            let text = """
                listeners:
                  - address: 127.0.0.1:0
                    ssl: {certificate: \(used.certificate.path), key: \(used.key.path)}
                admin: 127.0.0.1:0
                logging.json: true
                auth.tokens: [\(token)]
                routes:
                  - {path: /logs, max_len: \(maxLen)}
                \(routes)
                output.kafka: {hosts: ["\(hosts.split(separator: ",").joined(separator: "\", \""))"]}

                """
            try text.write(to: file, atomically: true, encoding: .utf8)
        }

        private func use(_ pair: Certificates.Pair) throws {
            try Data(contentsOf: pair.certificate).write(to: used.certificate)
            try Data(contentsOf: pair.key).write(to: used.key)
        }

        private func sluice(_ words: String..., token: String? = nil) async throws -> Tool.Result {
            try await Tool.run(
                Built.sluice,
                words,
                in: workspace,
                environment: token.map { ["SLUICE_TOKEN": $0] } ?? [:]
            )
        }

        private func send(_ gateway: Gateway, _ path: String, token: String, ca: URL) async throws -> ExitStatus {
            let url = "wss://127.0.0.1:\(gateway.port)\(path)"
            return try await sluice("send", "--ca", ca.path, url, "hello", token: token).status
        }

        private func load(_ gateway: Gateway, _ hosts: String, ca: URL) throws -> Child {
            try Child(
                Built.sluiceLoad,
                [
                    "wss://127.0.0.1:\(gateway.port)/logs", "--connections", "20", "--rate", "2000", "--duration",
                    "600",
                    "--token", "token-0", "--ca", ca.path, "--verify", "\(hosts)/logs", "--verify-timeout", "60",
                    "--json",
                ],
                in: workspace
            )
        }

        @Test func tenReloadsUnderLoadDropNobodyAndLoseNothing() async throws {
            let broker = try await MockBroker.start(topics: ["logs": 4], in: workspace)
            let certificates = [try await Certificates(in: workspace), try await Certificates(in: workspace)]
            var pairs: [Certificates.Pair] = []
            for authority in certificates { pairs.append(try await authority.issue("DNS:localhost", "IP:127.0.0.1")) }
            try use(pairs[0])
            try configure(broker.hosts, token: "token-0")
            let gateway = try await Gateway.start(file: file, in: workspace)
            let admin = "127.0.0.1:\(gateway.admin)"
            let load = try load(gateway, broker.hosts, ca: certificates[0].authority.certificate)
            try await eventually("the load has begun") { try gateway.metrics().received > 2_000 }

            var extra = 0
            for round in 1...10 {
                let (authority, other) = (certificates[round % 2], certificates[(round + 1) % 2])
                try use(pairs[round % 2])
                // A route that comes and goes, one that changes, another token and another certificate.
                let routes = round % 2 == 1 ? "  - {path: /new, topic: new-\(round)}" : ""
                try configure(broker.hosts, token: "token-\(round)", maxLen: "\(64 + round)KiB", routes: routes)
                let reload = try await sluice("reload", "--admin", admin)
                #expect(reload.status == .code(0), "\(reload)")
                for line in [
                    "routes[/logs].max_len: \(63 + round)KiB -> \(64 + round)KiB, live",
                    "auth.tokens: [***], another one than before, live", round % 2 == 1 ? "added" : "removed",
                    "were read again: listeners[0].ssl",
                ] {
                    #expect(reload.output.contains(line), "\(line): \(reload.output)")
                }
                let ca = authority.authority.certificate
                #expect(try await send(gateway, "/logs", token: "token-\(round)", ca: ca) == .code(0))
                #expect(try await send(gateway, "/logs", token: "token-\(round - 1)", ca: ca) == .code(1))
                let stale = other.authority.certificate
                #expect(try await send(gateway, "/logs", token: "token-\(round)", ca: stale) == .code(1))
                let isThere = round % 2 == 1
                #expect(
                    try await send(gateway, "/new", token: "token-\(round)", ca: ca) == .code(isThere ? 0 : 1),
                    "\(gateway.child.errors.suffix(4_000))"
                )
                extra += isThere ? 2 : 1
            }
            #expect(load.status == nil, "the load ended before it was told to")
            // From a terminal: it sends no more, and ends as it would have later.
            load.signal(SIGINT)
            try await load.exit(within: .seconds(240))
            let found = try LoadReport(load.output)
            let verified = try #require(found.verified)
            #expect(found.failed == 0 && found.reconnects == 0, "\(load.output)")
            #expect(verified.intact == found.sent && found.sent > 2_000, "\(load.output)")
            #expect(verified.isSpotless, "\(load.output)")
            let metrics = try await gateway.settled(found.sent + extra)
            #expect(metrics.received == found.sent + extra && metrics.delivered == metrics.received)
            #expect(metrics.sum("sluice_connections_accepted_total") == 20 + extra)
            #expect(metrics.sum("sluice_logs_received_total", "route=\"/new\"") == 5)
            #expect(try await gateway.stop() == .code(0))
            let said = gateway.child.errors
            #expect(!said.contains("token-"), "\(said)")
        }

        @Test func tenKindsOfBadFilesAreRefusedAndChangeNothing() async throws {
            let broker = try await MockBroker.start(topics: ["logs": 1], in: workspace)
            let authority = try await Certificates(in: workspace)
            let (good, stranger) = (
                try await authority.issue("IP:127.0.0.1"), try await authority.issue("IP:127.0.0.1")
            )
            try use(good)
            try configure(broker.hosts, token: "right")
            let gateway = try await Gateway.start(file: file, in: workspace)
            let admin = "127.0.0.1:\(gateway.admin)"
            let before = try String(contentsOf: file, encoding: .utf8)
            let tokens = try workspace.file("tokens", "two words and more\n")
            let bad: [(change: (String) -> String, reason: String)] = [
                ({ $0 + "routes: [" }, ":"),
                ({ $0 + "max_lenn: 5\n" }, "max_lenn: there is no such setting; did you mean"),
                ({ $0 + "max_partial: many\n" }, ":11: max_partial: \"many\" is not a size"),
                ({ $0 + "idle_timeout: [1]\n" }, "idle_timeout: is a list"),
                ({ $0.replacing("max_len: 64KiB}", with: "max_len: 64KiB}\n  - {path: /logs}") }, "routes[1].path: "),
                ({ $0.replacing("used.pem", with: "none.pem") }, "listeners[0].ssl.certificate: "),
                ({ $0.replacing(good.key.path, with: "") + "auth.jwt.jwks_file: /nowhere\n" }, "/nowhere"),
                ({ $0.replacing("[right]", with: "${NOBODY_HAS_SET_THIS}") }, "NOBODY_HAS_SET_THIS is not set"),
                (
                    { $0.replacing("auth.tokens: [right]", with: "auth.tokens_file: \(tokens.path)") },
                    "auth.tokens_file: "
                ),
                ({ $0 + "output.console: {}\n" }, "output.console"),
                ({ $0.replacing(used.key.path, with: stranger.key.path) }, "listeners[0].ssl.key: "),
            ]
            for (change, reason) in bad {
                try change(before).replacing("64KiB", with: "1KiB").write(to: file, atomically: true, encoding: .utf8)
                let result = try await sluice("reload", "--admin", admin)
                #expect(
                    result.status == .code(1) && result.errors.hasPrefix("nothing was changed:"),
                    "\(reason): \(result)"
                )
                #expect(result.errors.contains(reason), "\(reason): \(result)")
                #expect(!(result.errors + gateway.child.errors).contains("right"), "\(result)")
            }
            #expect(gateway.events.count { $0["event"] == "reload.failed" } >= bad.count)
            #expect(gateway.event("setting.changed") == nil)
            // As it was, to the last byte of a log's length.
            let ca = authority.authority.certificate
            #expect(try await send(gateway, "/logs", token: "right", ca: ca) == .code(0))
            let long = String(repeating: "x", count: 2_000)
            let url = "wss://127.0.0.1:\(gateway.port)/logs"
            #expect(try await sluice("send", "--ca", ca.path, url, long, token: "right").status == .code(0))
            #expect(try await gateway.settled(2).delivered == 2)
            try before.write(to: file, atomically: true, encoding: .utf8)
            let same = try await sluice("reload", "--admin", admin)
            #expect(same.status == .code(0) && same.output.hasPrefix("reloaded; no setting has changed"), "\(same)")
            #expect(try await gateway.stop() == .code(0))
        }

        @Test func theCommandsOfAnOperatorSayWhatTheyFind() async throws {
            let text = """
                listeners: [{address: "127.0.0.1:0"}]
                admin: unix:\(workspace.folder.path)/admin
                logging.json: true

                """
            try text.write(to: file, atomically: true, encoding: .utf8)
            let nobody = try await sluice("ready", "--config", file.path)
            #expect(nobody.status == .code(1) && nobody.errors.contains("nobody answers at"), "\(nobody)")
            let child = try Child(Built.sluice, ["serve", "--config", file.path], in: workspace)
            try await eventually("it is ready; \(child.errors)") {
                try await sluice("ready", "--config", file.path).status == .code(0)
            }
            let ready = try await sluice("ready", "--config", file.path)
            #expect(ready.output == "ready\n", "\(ready)")
            #expect(try await sluice("ready", "--live", "--config", file.path).output == "live\n")
            let new = try workspace.file("new.yml", text + "drain: 3s\nloops: 1\nmax_connection_age: 1h\n")
            let compared = try await sluice("check", "--config", new.path, "--against", file.path)
            for line in ["drain: 30s -> 3s, live", "loops: none -> 1, takes effect after a restart"] {
                #expect(compared.status == .code(0) && compared.output.contains("\n\(line)\n"), "\(compared)")
            }
            try Data(contentsOf: new).write(to: file)
            let running = try await sluice("check", "--config", file.path, "--running")
            #expect(
                running.status == .code(0)
                    && running.output.contains("a reload would change:\nmax_connection_age: 0 -> 1h, live\n"),
                "\(running)"
            )
            child.signal(SIGHUP)
            try await eventually("the signal is answered; \(child.errors)") {
                child.errors.contains(#""event":"reloaded""#)
            }
            let again = try await sluice("check", "--config", file.path, "--running")
            #expect(again.output.contains("loops:") && !again.output.contains("drain:"), "\(again)")
            child.signal(SIGTERM)
            #expect(try await child.exit() == .code(0))
            #expect(child.errors.contains(#""within":"3.0 seconds""#), "\(child.errors)")
        }
    }
}
