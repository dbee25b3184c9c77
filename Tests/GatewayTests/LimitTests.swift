import Admission
import LogPipeline
import Reactor
import Simulation
import Testing

@testable import Gateway

func limited(_ limits: ConnectionLimits, routes: Int = 3) -> AdmissionTable {
    AdmissionTable([Array(repeating: AdmissionTable.Rule(limits: limits), count: routes)])
}

@Suite struct LimitTests {
    private func refused(_ rig: GatewayRig, _ reason: RefusalReason) -> UInt64 {
        rig.snapshot.refused[Int(reason.rawValue)]
    }

    @Test func connectionsOfAnAddressAreCountedOverAllLoops() throws {
        let shared = SharedState()
        let table = limited(ConnectionLimits(connectionsPerAddress: 2))
        let rigs = (0..<2).map { _ in GatewayRig(shared: shared) { $0.admission = table } }
        let first = rigs[0].client(from: "10.0.0.1")
        let second = rigs[1].client("/echo", from: "10.0.0.1")
        for rig in rigs { try rig.run() }
        let third = rigs[0].client(from: "10.0.0.1")
        let other = rigs[1].client(from: "10.0.0.2")
        for rig in rigs { try rig.run() }
        #expect([first, second, third, other].map(\.status) == [101, 101, 429, 101])
        #expect(third.head().contains("Retry-After: "))
        #expect(refused(rigs[0], .tooMany) == 1)
        second.peer.close()
        for rig in rigs { try rig.run(seconds: 3) }
        let next = rigs[0].client(from: "10.0.0.1")
        try rigs[0].run()
        #expect(next.status == 101)
    }

    @Test func aSubscribersIPv6AddressesAreOne() throws {
        let rig = GatewayRig { $0.admission = limited(ConnectionLimits(connectionsPerAddress: 1)) }
        let clients = ["2001:db8::1", "2001:db8::2", "2001:db8:0:1::1"].map { rig.client(from: $0) }
        try rig.run()
        #expect(clients.map(\.status).sorted() == [101, 101, 429])
    }

    @Test func whoHasNoAddressIsNotLimitedByIt() throws {
        let rig = GatewayRig {
            $0.admission = limited(ConnectionLimits(connectionsPerAddress: 1))
            $0.handshakesPerAddress = 1
        }
        let clients = (0..<5).map { _ in rig.client() }
        try rig.run()
        #expect(clients.allSatisfy { $0.status == 101 })
    }

    @Test func connectionsOfARoute() throws {
        let rig = GatewayRig { $0.admission = limited(ConnectionLimits(connections: 2)) }
        let clients = (0..<3).map { _ in rig.client() }
        let other = rig.client("/echo")
        try rig.run()
        #expect(clients.map(\.status).sorted() == [101, 101, 429])
        #expect(other.status == 101)
    }

    @Test func connectionsOfAToken() throws {
        let shared = SharedState()
        let table = try guarded(limits: ConnectionLimits(connectionsPerToken: 1))
        let rigs = (0..<2).map { _ in GatewayRig(shared: shared) { $0.admission = table } }
        let first = rigs[0].client("/logs?token=s3cret")
        try rigs[0].run()
        let second = rigs[1].client("/logs?token=s3cret")
        let other = rigs[1].client("/logs?token=0ther%2F%25")
        try rigs[1].run()
        #expect([first, second, other].map(\.status) == [101, 429, 101])
    }

    @Test func theClientBehindATrustedProxyIsTheOneThatCounts() throws {
        let rig = GatewayRig {
            $0.admission = limited(ConnectionLimits(connectionsPerAddress: 1))
            $0.trustedProxies = [IPRange("10.0.0.0/8")!]
            $0.handshakesPerAddress = 1
        }
        let clients = [
            rig.client(from: "10.0.0.1", ["X-Forwarded-For: 198.51.100.1"]),
            rig.client(from: "10.0.0.1", ["X-Forwarded-For: 198.51.100.2"]),
            rig.client(from: "10.0.0.2", ["X-Forwarded-For: 198.51.100.1, 10.0.0.1"]),
        ]
        let liar = [
            rig.client(from: "203.0.113.1", ["X-Forwarded-For: 198.51.100.3"]),
            rig.client(from: "203.0.113.2", ["X-Forwarded-For: 198.51.100.3"]),
        ]
        try rig.run()
        #expect(clients.map(\.status).sorted() == [101, 101, 429])
        #expect(liar.map(\.status) == [101, 101])
    }

    @Test func connectionsOfAnAddressBeforeTheirUpgradeAreBoundedOverAllLoops() throws {
        let shared = SharedState()
        let rigs = (0..<2).map { _ in GatewayRig(shared: shared) { $0.handshakesPerAddress = 3 } }
        let silent = (0..<3).map { rigs[$0 % 2].client(upgrade: false, from: "10.0.0.1") }
        for rig in rigs { try rig.run() }
        let flood = (0..<50).map { _ in rigs[0].client(from: "10.0.0.1") }
        let other = rigs[0].client(from: "10.0.0.2")
        try rigs[0].run()
        #expect(flood.allSatisfy { $0.peer.sawReset })
        #expect(refused(rigs[0], .tooManyHandshakes) == 50)
        #expect(other.status == 101)
        // Whoever gets on makes room.
        for client in silent { client.upgrade("/logs") }
        for rig in rigs { try rig.run() }
        #expect(silent.allSatisfy { $0.status == 101 })
        let late = (0..<3).map { _ in rigs[1].client(from: "10.0.0.1") }
        try rigs[1].run()
        #expect(late.allSatisfy { $0.status == 101 })
    }

    @Test func whoLeavesBeforeItsUpgradeMakesRoom() throws {
        let rig = GatewayRig { $0.handshakesPerAddress = 1 }
        for _ in 0..<5 {
            let client = rig.client(upgrade: false, from: "10.0.0.1")
            try rig.run()
            client.peer.reset()
            try rig.run()
        }
        #expect(refused(rig, .tooManyHandshakes) == 0)
    }

    @Test func whoHasPostedIsCountedAgain() throws {
        let rig = GatewayRig { $0.handshakesPerAddress = 2 }
        let idle = (0..<2).map { _ in PostClient(rig, from: "10.0.0.1") }
        for client in idle { client.post("log") }
        try rig.run()
        #expect(idle.allSatisfy { $0.statuses == [204] })
        let more = rig.client(from: "10.0.0.1")
        try rig.run()
        #expect(more.peer.sawReset)
        idle[0].peer.reset()
        try rig.run()
        let later = rig.client(from: "10.0.0.1")
        try rig.run()
        #expect(later.status == 101)
        #expect(refused(rig, .tooManyHandshakes) == 1)
    }

    @Test func aFloodOfConnectionsLeavesDescriptorsOver() throws {
        let rig = GatewayRig {
            $0.maxSockets = 10
            $0.maxConnections = 8
        }
        let open = (0..<8).map { _ in rig.client() }
        try rig.run()
        for _ in 0..<100 { _ = rig.client(upgrade: false) }
        try rig.run()
        #expect(rig.network.openConnections == 10)
        #expect(open.allSatisfy { $0.status == 101 })
        try rig.run(seconds: 12)
        #expect(rig.network.openConnections == 8)
        #expect(refused(rig, .tooManyHandshakes) == 98)
    }

    @Test(arguments: [(1_024, 858, 909), (100, 26, 31), (60, 1, 1), (1_000_000, 899_936, 949_936), (0, 0, 0)])
    func boundsFollowTheLimitOfOpenFiles(descriptors: Int, connections: Int, sockets: Int) {
        var configuration = GatewayConfiguration(routes: [])
        configuration.fit(descriptors: descriptors)
        #expect(configuration.maxConnections == connections)
        #expect(configuration.maxSockets == sockets)
    }

    @Test func aBoundThatIsSetStays() {
        var configuration = GatewayConfiguration(routes: [])
        configuration.maxConnections = 7
        configuration.fit(descriptors: 1_024)
        #expect(configuration.maxConnections == 7)
    }
}
