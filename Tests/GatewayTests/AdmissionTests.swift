import Admission
import LogPipeline
import Reactor
import Simulation
import Synchronization
import Testing

import struct Telemetry.Logger

@testable import Gateway

/// Who may come in by a rig's routes: the page's origin, then the token.
func guarded(limits: ConnectionLimits = ConnectionLimits()) throws -> AdmissionTable {
    let authenticator = try Authenticator(
        AuthConfiguration(tokens: [
            NamedToken(name: "agent", token: "s3cret"), NamedToken(name: "app", token: "0ther/%"),
        ])
    )
    let origins = try OriginRules(["https://app.example"])
    let rule = AdmissionTable.Rule(
        policy: AdmissionPolicy(origins: origins, authenticator: authenticator),
        limits: limits
    )
    return AdmissionTable([Array(repeating: rule, count: 3), Array(repeating: AdmissionTable.Rule(), count: 3)])
}

/// Log lines that a test looks at.
final class Lines: Sendable {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock { $0 } }
    var logger: Logger { Logger(minimum: .debug) { line in self.lines.withLock { $0.append(line) } } }
}

@Suite struct AdmissionTests {
    @Test(arguments: [(0, 3), (2, 0), (-1, 0), (0, -1)])
    func nobodyComesInWhereThereIsNoRule(listener: Int, route: Int) throws {
        let rule = try guarded()[listener: listener, route: route]
        guard case .refused = rule.policy.decide(AdmissionRequest(), now: 0) else {
            Issue.record("somebody came in")
            return
        }
    }

    private func refused(_ rig: GatewayRig, _ reason: RefusalReason) -> UInt64 {
        rig.snapshot.refused[Int(reason.rawValue)]
    }

    private func rig(lines: Lines = Lines()) throws -> GatewayRig {
        let table = try guarded()
        return GatewayRig(listeners: 2, logger: lines.logger) { $0.admission = table }
    }

    @Test(arguments: [
        ("/logs", ["Authorization: Bearer s3cret"]), ("/logs?a=b&token=s3cret", []), ("/t/s3cret/logs", []),
        ("/t/0ther%2f%25/logs?x", []), ("/logs", ["Cookie: a=b; token=s3cret"]),
        ("/logs", ["Sec-WebSocket-Protocol: sluice, token.s3cret"]),
        ("/logs", ["Sec-WebSocket-Protocol: token.s3cret"]),
        ("/logs", ["Authorization: Bearer s3cret", "Origin: https://app.example"]),
    ])
    func everyWayToBringAToken(path: String, headers: [String]) throws {
        let rig = try rig()
        let client = rig.client(path, headers)
        client.send("let in")
        try rig.run()
        #expect(client.status == 101)
        #expect(rig.flusher.records().count == 1)
        #expect(!client.head().contains("s3cret"))
    }

    @Test func theSubprotocolIsSelectedAndTheTokenIsNeverRepeated() throws {
        let rig = try rig()
        let both = rig.client("/logs", ["Sec-WebSocket-Protocol: token.s3cret, sluice"])
        let alone = rig.client("/logs", ["Sec-WebSocket-Protocol: token.s3cret"])
        let other = rig.client("/logs", listener: 1, ["Sec-WebSocket-Protocol: mqtt"])
        try rig.run()
        #expect(both.status == 101 && both.head().contains("Sec-WebSocket-Protocol: sluice\r\n"))
        #expect(alone.status == 101 && !alone.head().contains("Sec-WebSocket-Protocol"))
        #expect(other.status == 101 && !other.head().contains("Sec-WebSocket-Protocol"))
    }

    @Test(arguments: [
        ("/logs", [], 401, RefusalReason.unauthorized),
        ("/logs", ["Authorization: Bearer wrong"], 401, .unauthorized),
        ("/t/wrong/logs", [], 401, .unauthorized),
        ("/logs", ["Origin: https://evil.example"], 403, .origin),
        // Who has no right learns nothing of the rest.
        ("/logs", ["Origin: https://evil.example", "Authorization: Bearer s3cret"], 403, .origin),
        ("/nowhere", ["Origin: https://evil.example"], 404, .notFound),
        ("/t/s3cret/nowhere", [], 404, .notFound),
        ("/t//logs", [], 404, .notFound),
        ("/t/s3cret", [], 404, .notFound),
    ])
    func whoMayNotComeIn(path: String, headers: [String], status: Int, reason: RefusalReason) throws {
        let rig = try rig()
        rig.flusher.setHealthy(false)
        let client = rig.client(path, headers)
        try rig.run(seconds: 3)
        #expect(client.status == status)
        #expect(refused(rig, reason) == 1)
        #expect(client.head().contains("WWW-Authenticate: ") == (status == 401))
        #expect(!client.text().contains("s3cret"))
        #expect(rig.network.openConnections == 0)
    }

    @Test func onlyWhoMayComeInLearnsOfReadiness() throws {
        let rig = try rig()
        rig.flusher.setHealthy(false)
        let client = rig.client("/logs", ["Authorization: Bearer s3cret"])
        try rig.run()
        #expect(client.status == 503)
        #expect(client.head().contains("Retry-After: "))
    }

    @Test func aListenerHasRulesOfItsOwn() throws {
        let rig = try rig()
        let open = rig.client("/logs", listener: 1)
        let guarded = rig.client("/logs", listener: 0)
        try rig.run()
        #expect(open.status == 101)
        #expect(guarded.status == 401)
    }

    @Test func aRouteThatIsCalledLikeAPathWithATokenIsThatRoute() throws {
        let topic = TopicIndex(rawValue: 0)
        let routes = ["/logs", "/gone", "/t/x/logs", "/a/b"].map { LogRoute(path: $0, topic: topic) }
        let map = RouteMap(routes, [0, 2, 3])
        #expect(map.find("/t/x/logs") == RouteMap.Match(route: 2, place: 1))
        #expect(map.find("/t/y/logs") == RouteMap.Match(route: 0, place: 0, pathToken: "y"))
        #expect(map.find("/t/y/a/b") == RouteMap.Match(route: 3, place: 2, pathToken: "y"))
        #expect(map.find("/t/%41%2/logs") == RouteMap.Match(route: 0, place: 0, pathToken: "%41%2"))
        #expect(map.find("/gone") == nil && !map.absence(of: "/gone").contains("/gone,"))
        #expect(map.find("/t/y/") == nil)
        #expect(!map.absence(of: "/t/secret/none").contains("secret"))
        #expect(!map.absence(of: "/t/secret").contains("secret"))
    }

    @Test func noSecretIsLogged() throws {
        let lines = Lines()
        let rig = try rig(lines: lines)
        for path in ["/t/hidden1/logs", "/logs?token=hidden2", "/logs?hidden3"] {
            _ = rig.client(path, ["Authorization: Bearer hidden4", "Cookie: token=hidden5"])
        }
        try rig.run(seconds: 3)
        #expect(lines.all.contains { $0.hasPrefix("request.refused") || $0.contains("request.refused") })
        #expect(!lines.all.contains { $0.contains("hidden") })
    }

    @Test func aNewTableJudgesWhoComesAndDropsNobody() throws {
        let rig = GatewayRig(listeners: 2)
        let early = rig.client()
        try rig.run()
        rig.handle.replaceAdmission(try guarded())
        try rig.run()
        let late = rig.client()
        early.send("still in")
        try rig.run()
        #expect(late.status == 401)
        #expect(rig.flusher.records().count == 1)
    }
}

extension GatewayClient {
    /// Everything that was answered.
    func text() -> String {
        _ = head()
        return String(decoding: everything, as: UTF8.self)
    }
}
