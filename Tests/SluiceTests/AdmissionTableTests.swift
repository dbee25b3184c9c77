import Admission
import Foundation
import Gateway
import Settings
import Testing

@testable import sluice

@Suite struct AdmissionTableTests {
    private let folder = try? Folder()

    private func table(_ yaml: String) throws -> AdmissionTable { try AdmissionTable(settings(yaml)) }

    private func faults(_ yaml: String) throws -> [String] {
        let settings = try settings(yaml)
        do throws(ConfigurationFaults) {
            _ = try AdmissionTable(settings)
            return []
        } catch {
            return error.faults.map(\.description)
        }
    }

    private func name(_ table: AdmissionTable, _ listener: Int, _ route: Int, token: String?) -> String? {
        let request = AdmissionRequest(authorization: token.map { ["Bearer \($0)"] } ?? [])
        return switch table[listener: listener, route: route].policy.decide(request, now: 0) {
        case .admitted(let identity): identity?.name ?? "anybody"
        case .refused: nil
        }
    }

    @Test func everyPairOfListenerAndRouteHasItsRule() throws {
        let table = try table(
            """
            auth.tokens: [{name: top, token: t}]
            listeners:
              - address: 127.0.0.1:1
              - {address: '127.0.0.1:2', auth.tokens: [{name: listener, token: l}], limits.connections: 2}
            routes:
              - path: /a
              - {path: /b, auth.tokens: [{name: route, token: r}], limits.logs_per_second: 3}
              - {path: /c, auth: none, origins: ['https://c.example']}
            limits: {connections: 1, bytes_per_second: 1KiB}
            """
        )
        #expect(name(table, 0, 0, token: "t") == "top" && name(table, 0, 0, token: "l") == nil)
        #expect(name(table, 1, 0, token: "l") == "listener" && name(table, 1, 0, token: "t") == nil)
        for listener in 0...1 {
            #expect(name(table, listener, 1, token: "r") == "route" && name(table, listener, 1, token: nil) == nil)
            #expect(name(table, listener, 2, token: nil) == "anybody")
            let policy = table[listener: listener, route: 2].policy
            #expect(policy.decide(AdmissionRequest(origins: ["https://c.example"]), now: 0) == .admitted(nil))
            #expect(policy.decide(AdmissionRequest(origins: ["https://d.example"]), now: 0) == .refused(.origin))
        }
        let limits = table[listener: 1, route: 1].limits
        #expect(limits == ConnectionLimits(connections: 2, logsPerSecond: 3, bytesPerSecond: 1024))
        #expect(table[listener: 0, route: 0].limits == ConnectionLimits(connections: 1, bytesPerSecond: 1024))
    }

    @Test func everyLimitArrives() throws {
        let table = try table(
            """
            limits: {connections: 1, connections_per_address: 2, connections_per_token: 3, logs_per_second: 4,
              bytes_per_second: 5, token_logs_per_second: 6, token_bytes_per_second: 7, overhead_frames_per_second: 8}
            """
        )
        let expected = ConnectionLimits(
            connections: 1,
            connectionsPerAddress: 2,
            connectionsPerToken: 3,
            logsPerSecond: 4,
            bytesPerSecond: 5,
            tokenLogsPerSecond: 6,
            tokenBytesPerSecond: 7,
            overheadFramesPerSecond: 8
        )
        #expect(table[listener: 0, route: 1].limits == expected)
        #expect(try self.table("")[listener: 0, route: 0].limits == ConnectionLimits())
    }

    @Test func filesOfTokensAreRead() throws {
        let folder = try #require(folder)
        let tokens = try folder.file("tokens", "# two\nfirst\n\nann second\n")
        let table = try table("auth.tokens_file: \(tokens)")
        #expect(name(table, 0, 0, token: "second") == "ann" && name(table, 0, 0, token: "first") != nil)
        #expect(name(table, 0, 0, token: "third") == nil)
    }

    @Test func everyFaultNamesItsSettingAndNoSecret() throws {
        let folder = try #require(folder)
        let twice = try folder.file("tokens", "ann geheim\nbob geheim\n")
        let noKeys = try folder.file("jwks", "{\"keys\": geheim}")
        let found = try faults(
            """
            auth.tokens_file: \(folder.path)/nothing
            listeners:
              - {address: '127.0.0.1:1', origins: [app.example], auth.jwt.jwks_file: \(noKeys)}
            routes:
              - {path: /a, auth.tokens_file: \(twice), origins: ['https://*']}
              - {path: /b, auth.jwt.secret: geheim}
            """
        )
        let settings = found.map { String($0.prefix { $0 != " " }) }
        #expect(
            settings == [
                "auth.tokens_file:", "listeners[0].origins:", "listeners[0].auth.jwt.jwks_file:", "routes[0].origins:",
                "routes[0].auth.tokens_file:", "routes[1].auth.jwt.secret:",
            ]
        )
        #expect(found[0].contains("\(folder.path)/nothing") && found[4].contains(twice))
        #expect(!found.joined().contains("geheim"))
    }
}
