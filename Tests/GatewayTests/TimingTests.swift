import LogPipeline
import Simulation
import Testing
import WebSocketWire

@testable import Gateway

@Suite struct TimingTests {
    @Test func aQuietConnectionIsPingedAndEndsWhenNothingIsHeard() throws {
        let rig = GatewayRig()
        let client = rig.client()
        try rig.run()
        try rig.run(seconds: 61)
        #expect(client.frames() == ["ping", "ping", "ping"])
        try rig.run(seconds: 35)
        #expect(client.frames().last == "close:1001")
        #expect(rig.network.openConnections == 0)
    }

    @Test func aClientThatPongsLivesOn() throws {
        let rig = GatewayRig()
        let client = rig.client()
        try rig.run()
        for _ in 0..<20 {
            try rig.run(seconds: 20)
            client.send(.pong, [])
            try rig.run()
        }
        #expect(rig.snapshot.connections[0] == 1)
        #expect(!client.frames().contains { $0.hasPrefix("close") })
    }

    @Test func aRouteWithoutPingsSendsNone() throws {
        let route = LogRoute(path: "/agent", topic: TopicIndex(rawValue: 0), pingInterval: 0)
        let rig = GatewayRig(routes: [route])
        let client = rig.client("/agent")
        try rig.run()
        try rig.run(seconds: 80)
        #expect(client.frames().isEmpty)
        #expect(rig.snapshot.connections[0] == 1)
    }

    @Test func silenceIsNotHeldAgainstAClientThatIsNotBeingRead() throws {
        let rig = GatewayRig()
        let client = rig.client()
        try rig.run()
        rig.flusher.setReady(false)
        client.send("waiting")
        try rig.run(seconds: 600)
        #expect(rig.snapshot.connections[0] == 1)
        rig.flusher.setReady(true)
        try rig.run()
        #expect(rig.flusher.records().count == 1)
    }

    @Test func aMessageThatIsNotWholeInTimeEndsItsConnection() throws {
        let rig = GatewayRig()
        let client = rig.client()
        client.send(.text, Array("half".utf8), isFinal: false)
        try rig.run()
        for _ in 0..<4 {
            try rig.run(seconds: 9)
            client.send(.pong, [])
            try rig.run()
        }
        try rig.run(seconds: 9)
        #expect(client.frames().contains("close:1008"))
        #expect(rig.snapshot.ledger.received[0] == 0)
    }
}
