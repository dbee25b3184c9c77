import Foundation
import Glibc
import Testing

extension WholeSystem {
    /// Two gateways behind the HAProxy of `deploy/haproxy`, restarted one after the other under load.
    @Suite struct RollingRestartTests {
        private static let clients = 40
        private let workspace: Workspace

        init() throws { workspace = try Workspace() }

        private func configuration(of number: Int, _ hosts: String) throws -> URL {
            try workspace.file(
                "sluice\(number).yml",
                """
                listeners: [{address: "\(OwnNetwork.host(number)):8080", proxy_protocol: on}]
                trusted_proxies: ["127.0.0.0/8"]
                admin: \(OwnNetwork.host(number)):9600
                drain: 6s
                logging.json: true
                routes: [{path: /logs}]
                output.kafka: {hosts: ["\(hosts)"]}

                """
            )
        }

        /// The balancer's configuration as it lies in `deploy`, with addresses and times of a test.
        private func balancer() throws -> URL {
            let file = Built.package.appending(path: "deploy/haproxy/haproxy.cfg")
            var lines = try String(contentsOf: file, encoding: .utf8).split(
                separator: "\n",
                omittingEmptySubsequences: false
            ).map(String.init)
            lines.removeAll { $0.contains("bind :443") || $0.contains("bind 127.0.0.1:8405") }
            let metrics = try #require(lines.firstIndex { $0.hasPrefix("frontend metrics") })
            lines.removeSubrange(metrics...)
            var text = lines.joined(separator: "\n")
            for (from, to) in [
                ("bind :80\n", "bind \(OwnNetwork.host(3)):8080\n"), ("maxconn 100000", "maxconn 200"),
                ("10.0.0.11:8080", "\(OwnNetwork.host(1)):8080"), ("10.0.0.12:8080", "\(OwnNetwork.host(2)):8080"),
                ("inter 2s", "inter 300ms"), ("slowstart 60s", "slowstart 1s"),
            ] {
                try #require(text.contains(from), "haproxy.cfg has no \(from)")
                text = text.replacing(from, with: to)
            }
            // It wants an end of line on the last one.
            return try workspace.file("haproxy.cfg", text + "\n")
        }

        private func start(_ file: URL, _ number: Int) async throws -> Child {
            let child = try Child(Built.sluice, ["serve", "--config", file.path], in: workspace)
            let admin = "\(OwnNetwork.host(number)):9600"
            try await eventually("gateway \(number) is ready") {
                if let status = child.status { throw Failure("it ended, \(status): \(child.errors.suffix(3_000))") }
                return try await Tool.run(Built.sluice, ["ready", "--admin", admin], in: workspace).status == .code(0)
            }
            return child
        }

        /// How many connections the gateways have open.
        private func connections() async throws -> Int {
            var open = 0
            for number in [1, 2] {
                let words = ["-sS", "--noproxy", "*", "http://\(OwnNetwork.host(number)):9600/metrics"]
                open += Metrics(try await Tool.output(Built.curl, words, in: workspace)).sum("sluice_connections")
            }
            return open
        }

        @Test(.enabled(if: Built.isThere(Built.haproxy), "haproxy is not installed"))
        func oneAfterTheOtherUnderLoadLosesNothingThatWasAcknowledged() async throws {
            let broker = try await MockBroker.start(in: workspace)
            let files = try [1, 2].map { try configuration(of: $0, broker.hosts) }
            var gateways = [try await start(files[0], 1), try await start(files[1], 2)]
            let balancer = try Child(Built.haproxy, ["-db", "-f", try balancer().path], in: workspace)
            let url = "ws://\(OwnNetwork.host(3)):8080/logs"
            try await eventually("haproxy relays") {
                if let status = balancer.status { throw Failure("it ended, \(status): \(balancer.errors)") }
                return try await Tool.run(Built.sluice, ["send", url, "{}"], in: workspace).status == .code(0)
            }
            let load = try Child(
                Built.sluiceLoad,
                [
                    url, "--profile", "ack", "--sessions", "--connections", "\(Self.clients)", "--rate", "1000",
                    "--duration", "600", "--verify", "\(broker.hosts)/logs", "--verify-timeout", "60", "--json",
                ],
                in: workspace
            )
            for number in [0, 1] {
                try await eventually("all clients are there") { try await connections() == Self.clients }
                try await Task.sleep(for: .seconds(2))
                gateways[number].signal(SIGTERM)
                #expect(try await gateways[number].exit() == .code(0), "\(gateways[number].errors.suffix(3_000))")
                gateways[number] = try await start(files[number], number + 1)
            }
            try await eventually("all clients are back") { try await connections() == Self.clients }
            #expect(load.status == nil, "the load ended before it was told to")
            // From a terminal: it sends no more, and ends as it would have later.
            load.signal(SIGINT)
            try await load.exit(within: .seconds(240))
            let found = try LoadReport(load.output)
            let verified = try #require(found.verified)
            #expect(found.failed == 0, "\(load.output)")
            #expect(verified.isSpotless, "\(load.output)")
            #expect(found.sent > 0 && verified.intact == found.sent && found.answered == found.sent, "\(load.output)")
            // Each of them met each restart at most once, and was turned away in between a few times at most.
            #expect(found.reconnects >= Self.clients / 4 && found.reconnects <= 3 * Self.clients, "\(load.output)")
            for gateway in gateways {
                gateway.signal(SIGTERM)
                #expect(try await gateway.exit() == .code(0))
            }
        }
    }
}
