import Foundation
import Testing

extension WholeSystem {
    /// `sluice-load` against the gateway: what it finds, and that it finds nothing where there is nothing.
    @Suite struct LoadGeneratorTests {
        private static let connections = 4
        private static let each = 5_000
        private static let all = connections * each

        private let workspace: Workspace

        init() throws { workspace = try Workspace() }

        /// A run that is verified, and the object that it prints.
        ///
        /// - Parameter patience: how many seconds without a record make those that are missing lost.
        private func load(
            _ url: String,
            _ hosts: String,
            _ more: [String] = [],
            patience: Int = 60
        ) async throws -> (ExitStatus, Findings) {
            let result = try await Tool.run(
                Built.sluiceLoad,
                [
                    url, "--connections", "\(Self.connections)", "--messages", "\(Self.all)", "--rate", "8000",
                    "--verify", "\(hosts)/logs", "--verify-timeout", "\(patience)", "--json",
                ] + more,
                in: workspace
            )
            do {
                let decoder = JSONDecoder()
                decoder.keyDecodingStrategy = .convertFromSnakeCase
                return (result.status, try decoder.decode(Findings.self, from: Data(result.output.utf8)))
            } catch {
                throw Failure("\(error): \(result.output) \(result.errors)")
            }
        }

        /// The logs of all connections that are the first, second, … of so many, as runs of one.
        private func every(_ place: Int) -> [[Int]] {
            (0..<Self.connections).flatMap { connection in
                stride(from: place, through: Self.each, by: 1_000).map { [connection, $0, $0] }
            }
        }

        @Test func faultsPlantedInOneOfAThousandAreReportedExactly() async throws {
            let gateway = try await Gateway.start(kafka: nil, in: workspace)
            let hosts = try await gateway.embeddedBroker()
            let relay = try Tool.client(
                "planted.py",
                ["\(gateway.port)", "--drop", "101", "--repeat", "302", "--swap", "503", "--damage", "704"],
                in: workspace
            )
            let port = try await eventually("the relay listens") {
                Int(relay.output.trimmingCharacters(in: .whitespacesAndNewlines))
            }
            let (status, found) = try await load("ws://127.0.0.1:\(port)/logs", hosts, patience: 8)
            #expect(status == .code(1) && !found.clean && found.failed == 0 && found.sent == Self.all)
            let verified = try #require(found.verified)
            #expect(verified.expected == Self.all && verified.intact == Self.all - 40)
            #expect(verified.lost == Findings.Names(count: 20, first: every(101)))
            #expect(verified.repeated.count == 20)
            #expect(Set(verified.repeated.first) == Set(every(302)))
            // The one that comes late; the other one of the two is where it may be.
            #expect(verified.reordered.count == 20)
            #expect(Set(verified.reordered.first) == Set(every(503)))
            #expect(verified.damaged == Findings.Names(count: 20, first: every(704)) && verified.damagedRecords == 20)
            #expect(verified.unexpected == 0 && verified.foreign == 0 && verified.skippedOffsets == 0)
        }

        @Test(arguments: [
            ["--profile", "plain"], ["--profile", "plain", "--size", "p50=300,p99=9000", "--batch", "7"],
            ["--profile", "browser", "--threads", "2"], ["--profile", "beats", "--size", "100-6000"],
            ["--profile", "ack", "--arrivals", "poisson"], ["--profile", "echo"],
        ])
        func everyProfilesLogsArriveAndNothingIsFound(options: [String]) async throws {
            let gateway = try await Gateway.start(
                kafka: nil,
                routes: "- path: /logs\n- path: /echo\n  reply: echo",
                in: workspace
            )
            let hosts = try await gateway.embeddedBroker()
            let path = options[1] == "echo" ? "/echo" : "/logs"
            let (status, found) = try await load("\(gateway.url)\(path)", hosts, options)
            #expect(status == .code(0) && found.clean, "\(found)")
            #expect(found.verified?.intact == Self.all)
            if ["ack", "echo"].contains(options[1]) { #expect(found.answered == Self.all) }
            #expect((found.latencyMs["topic"]?.count ?? 0) == Self.all)
            #expect(try await gateway.stop() == .code(0))
        }

        @Test func itComesInOverTLSWithCertificateAndTokenFromSeveralAddresses() async throws {
            let certificates = try await Certificates(in: workspace)
            let server = try await certificates.issue("DNS:localhost", "IP:127.0.0.1")
            let client = try await certificates.issue("DNS:client")
            let authority = certificates.authority.certificate.path
            let gateway = try await Gateway.start(
                kafka: nil,
                settings: "auth: {tokens: [s3cret]}\nlimits: {connections_per_address: 2}",
                listener: "ssl: {certificate: \(server.certificate.path), key: \(server.key.path), "
                    + "certificate_authorities: [\(authority)]}",
                in: workspace
            )
            let hosts = try await gateway.embeddedBroker()
            let url = "wss://127.0.0.1:\(gateway.port)/logs"
            let trust = ["--ca", authority, "--cert", client.certificate.path, "--key", client.key.path]
            let sources = ["--source", "127.0.0.2-127.0.0.3"]
            let (status, found) = try await load(url, hosts, trust + sources + ["--token", "s3cret"])
            #expect(status == .code(0) && found.verified?.intact == Self.all, "\(found)")
            // What is missing is said of every connection.
            for words in [
                trust + sources, trust + ["--token", "s3cret"], ["--ca", authority, "--token", "s3cret"] + sources,
                ["--cert", client.certificate.path, "--key", client.key.path, "--token", "s3cret"] + sources,
            ] {
                let (status, found) = try await load(url, hosts, words + ["--stall", "20"])
                #expect(status == .code(1) && found.failed >= 2, "\(words): \(found)")
            }
            #expect(try await gateway.stop() == .code(0))
        }

        @Test(arguments: [("fluent-bit", "array"), ("telegraf", "lines")])
        func whatSomeSendersJoinIsSplitAgain(profile: String, split: String) async throws {
            let gateway = try await Gateway.start(
                kafka: nil,
                routes: "- path: /logs\n  split: \(split)\n  max_len: 64KiB",
                in: workspace
            )
            let hosts = try await gateway.embeddedBroker()
            let (status, found) = try await load("\(gateway.url)/logs", hosts, ["--profile", profile])
            #expect(status == .code(0) && found.clean, "\(found)")
            #expect(found.verified?.intact == Self.all)
        }
    }
}

/// What `sluice-load --json` says, as far as it is looked at here.
private struct Findings: Decodable {
    struct Names: Decodable, Equatable {
        let count: Int
        /// Connection, first and last number.
        let first: [[Int]]
    }

    struct Verified: Decodable {
        let expected: Int
        let intact: Int
        let lost: Names
        let repeated: Names
        let damaged: Names
        let damagedRecords: Int
        let reordered: Names
        let unexpected: Int
        let foreign: Int
        let skippedOffsets: Int
    }

    struct Latency: Decodable {
        let count: Int
        let p99: Double
    }

    let clean: Bool
    let failed: Int
    let sent: Int
    let answered: Int
    let latencyMs: [String: Latency]
    let verified: Verified?
}
