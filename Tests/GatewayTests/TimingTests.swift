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

    @Test func anIdleTimeoutOfZeroEndsNobody() throws {
        let rig = GatewayRig { $0.idleTimeout = 0 }
        let client = rig.client()
        try rig.run()
        try rig.run(seconds: 3_600)
        #expect(client.frames().count >= 170)
        #expect(client.frames().allSatisfy { $0 == "ping" })
        client.send("still there")
        try rig.run()
        #expect(rig.flusher.records().count == 1)
    }

    @Test func pingsGoOutThoughMessagesThatAreCutKeepComing() throws {
        let route = LogRoute(path: "/logs", topic: TopicIndex(rawValue: 0), pingInterval: 60 * second)
        let rig = GatewayRig(routes: [route])
        let client = rig.client()
        try rig.run()
        for _ in 0..<20 {
            client.send(.text, Array("two ".utf8), isFinal: false)
            try rig.run()
            client.send(.continuation, Array("pieces".utf8))
            try rig.run(seconds: 10)
        }
        #expect(client.frames().filter { $0 == "ping" }.count >= 2)
    }

    @Test func aMessageThatWaitsForItsTopicIsNotLookedAt() throws {
        let route = LogRoute(path: "/logs", topic: TopicIndex(rawValue: 0), pingInterval: 0)
        let rig = GatewayRig(routes: [route])
        let client = rig.client()
        client.send(.text, Array("half".utf8), isFinal: false)
        try rig.run()
        rig.flusher.setReady(false)
        client.send(.continuation, Array("the other half".utf8))
        try rig.run(seconds: 60)
        let before = rig.network.waits
        try rig.run(seconds: 600)
        // One look a second at the topic; deadlines would be eight.
        #expect(rig.network.waits - before <= 610)
        rig.flusher.setReady(true)
        try rig.run(seconds: 1)
        #expect(rig.flusher.records().count == 1)
    }

    @Test func whatIsDueWhenReadingResumesIsDone() throws {
        // No multiple of a second, so that no deadline is looked at in the moment it has come.
        let route = LogRoute(path: "/logs", topic: TopicIndex(rawValue: 0), pingInterval: 7_300 * millisecond)
        let rig = GatewayRig(routes: [route])
        let client = rig.client()
        try rig.run()
        // Paused and resumed so often that it is always a resuming that first sees a ping due.
        for _ in 0..<2_000 {
            rig.flusher.setReady(false)
            client.send("log")
            try rig.run()
            rig.network.advance(by: 25 * millisecond)
            try rig.run()
            rig.flusher.setReady(true)
            try rig.run()
            rig.network.advance(by: 25 * millisecond)
            try rig.run()
        }
        #expect(client.frames().filter { $0 == "ping" }.count >= 8)
        // And whoever falls silent after that is still seen to go.
        try rig.run(seconds: 120)
        #expect(rig.network.openConnections == 0)
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
