import Admission
import Crypto
import LogPipeline
import Simulation
import Synchronization
import Testing
import WebSocketWire

@testable import Gateway

/// The time of day as a test has it.
final class TestClock: Sendable {
    private let milliseconds: Atomic<Int64>

    init(_ start: Int64 = GatewayRig.wallClock) { milliseconds = Atomic(start) }

    func advance(seconds: Int) { milliseconds.add(Int64(seconds) * 1_000, ordering: .relaxed) }
    var wall: WallClock { WallClock { self.milliseconds.load(ordering: .relaxed) } }
}

@Suite struct ExpiryTests {
    private static let secret = "a secret of at least thirty-two bytes"

    private static func token(expiresIn seconds: Int64) -> String {
        let expiry = GatewayRig.wallClock / 1_000 + seconds
        let parts = [#"{"alg":"HS256","typ":"JWT"}"#, #"{"sub":"page","exp":\#(expiry)}"#]
        let signed = parts.map { Base64URL.encode($0.utf8) }.joined(separator: ".")
        return signed + "." + Base64URL.encode(HMAC.sha256(Array(signed.utf8), key: Array(secret.utf8)))
    }

    private func rig(_ clock: TestClock) throws -> GatewayRig {
        let jwt = JWTConfiguration(secret: Self.secret, leeway: 0)
        let policy = AdmissionPolicy(authenticator: try Authenticator(AuthConfiguration(jwt: jwt)))
        let rule = AdmissionTable.Rule(policy: policy)
        return GatewayRig(clock: clock.wall) {
            $0.admission = AdmissionTable([Array(repeating: rule, count: 3)])
        }
    }

    @Test func aConnectionEndsWithItsToken() throws {
        let clock = TestClock()
        let rig = try rig(clock)
        let short = rig.client("/logs?token=\(Self.token(expiresIn: 60))")
        let long = rig.client("/logs?token=\(Self.token(expiresIn: 600))")
        let late = rig.client("/logs?token=\(Self.token(expiresIn: -1))")
        try rig.run()
        #expect([short, long, late].map(\.status) == [101, 101, 401])
        clock.advance(seconds: 58)
        try rig.run(seconds: 58)
        #expect(!short.frames().contains("close:1008"))
        clock.advance(seconds: 4)
        try rig.run(seconds: 4)
        #expect(short.frames().last == "close:1008")
        #expect(short.text().contains("token expired"))
        #expect(!long.frames().contains("close:1008"))
    }

    @Test func aClockThatIsSetForwardIsNoticed() throws {
        let clock = TestClock()
        let rig = try rig(clock)
        let client = rig.client("/logs?token=\(Self.token(expiresIn: 3_600))")
        try rig.run()
        clock.advance(seconds: 3_700)
        // The next ping is when somebody looks.
        try rig.run(seconds: 25)
        #expect(client.frames().last == "close:1008")
    }

    @Test func whoIsNotReadEndsAllTheSame() throws {
        let clock = TestClock()
        let rig = try rig(clock)
        let client = rig.client("/logs?token=\(Self.token(expiresIn: 60))")
        try rig.run()
        rig.flusher.setReady(false)
        client.send("waiting")
        try rig.run()
        clock.advance(seconds: 62)
        try rig.run(seconds: 62)
        #expect(client.frames().last == "close:1008")
        #expect(rig.snapshot.paused == 0)
    }

    @Test func aClockThatIsSetBackGivesTheTokenItsTime() throws {
        let clock = TestClock()
        let rig = try rig(clock)
        let client = rig.client("/logs?token=\(Self.token(expiresIn: 60))")
        try rig.run()
        try rig.run(seconds: 70)
        #expect(client.status == 101)
        #expect(!client.frames().contains("close:1008"))
        client.send(.pong, [])
        clock.advance(seconds: 61)
        try rig.run(seconds: 70)
        #expect(client.frames().contains("close:1008"))
    }
}
