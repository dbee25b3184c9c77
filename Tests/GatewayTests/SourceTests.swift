import Admission
import LogPipeline
import Reactor
import Simulation
import Testing
import WebSocketWire

@testable import Gateway

@Suite struct SourceTests {
    private static func routes() -> [LogRoute] {
        var told = LogRoute(path: "/told", maxLen: 1_000, topic: TopicIndex(rawValue: 0))
        told.recordsSource = true
        told.split = .lines
        return [told, LogRoute(path: "/untold", maxLen: 1_000, topic: TopicIndex(rawValue: 0))]
    }

    @Test func recordsSayWhereTheyComeFromOnARouteThatAsks() throws {
        let rig = GatewayRig(routes: Self.routes())
        let client = rig.client("/told", from: "192.0.2.7", ["User-Agent: agent/1.0"])
        client.send("one\ntwo")
        try rig.run()
        rig.client("/untold", from: "192.0.2.8", ["User-Agent: agent/1.0"]).send("three")
        try rig.run()
        let source = ["sluice.peer=192.0.2.7", "sluice.path=/told", "sluice.user_agent=agent/1.0"]
        #expect(rig.flusher.headers() == [source, source, []])
    }

    @Test func theTokensNameIsSaidAndNeverTheToken() throws {
        var configuration = AuthConfiguration()
        configuration.tokens = [NamedToken(name: "shop", token: "a-very-secret-token")]
        let policy = AdmissionPolicy(authenticator: try Authenticator(configuration))
        let rule = AdmissionTable.Rule(policy: policy)
        let rig = GatewayRig(routes: Self.routes()) { $0.admission = AdmissionTable([[rule, rule]]) }
        let client = rig.client("/t/a-very-secret-token/told")
        client.send("log")
        try rig.run()
        try #require(client.status == 101)
        #expect(rig.flusher.headers() == [["sluice.path=/told", "sluice.token=shop"]])
    }

    /// A kernel forgets who a connection was from once it is reset, and what came before is read all the same.
    @Test func whoHasGoneIsStillTheOneWhoWasThere() throws {
        let rig = GatewayRig(routes: Self.routes()) { $0.trustedProxies = [IPRange("10.0.0.0/8")!] }
        let client = rig.client("/told", upgrade: false, from: "192.0.2.7")
        try rig.run()
        client.upgrade("/told", ["X-Forwarded-For: 198.51.100.66"])
        client.send("log")
        client.peer.reset()
        try rig.run()
        #expect(rig.flusher.headers() == [["sluice.peer=192.0.2.7", "sluice.path=/told"]])
    }

    @Test func aLongUserAgentIsCutBetweenCharacters() {
        let source = RecordSource(
            peer: nil,
            path: "/",
            userAgent: "a" + String(repeating: "é", count: 1_000),
            token: nil
        )
        #expect(source.headers.map(\.name) == ["sluice.path", "sluice.user_agent"])
        #expect(source.headers[1].value.count == 511)
        #expect(String(validating: source.headers[1].value, as: UTF8.self) != nil)
    }
}
