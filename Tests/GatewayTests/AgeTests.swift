import LogPipeline
import Reactor
import Simulation
import Testing
import WebSocketWire

@testable import Gateway

/// `max_connection_age`, in virtual time.
@Suite struct AgeTests {
    private static let minute = 60 * second

    private func rig(age: UInt64 = 10 * minute, _ change: (inout LogRoute) -> Void = { _ in }) -> GatewayRig {
        var route = LogRoute(path: "/logs", maxLen: 1_000, topic: TopicIndex(rawValue: 0))
        route.maxAge = age
        change(&route)
        return GatewayRig(routes: [route])
    }

    /// Lets time pass while the clients answer pings.
    private func pass(minutes: Double, _ rig: GatewayRig, _ clients: [GatewayClient]) throws {
        for _ in 0..<Int(minutes * 6) {
            try rig.run(seconds: 10)
            for client in clients where !client.frames().contains(where: { $0.hasPrefix("close") }) {
                client.send(.pong, [])
            }
        }
        try rig.run()
    }

    @Test func theTimeIsATenthMoreOrLessAndAnotherOneForEverybody() {
        let ends = (0..<1_000).map { slot in
            ConnectionAge.end(of: 1_000, from: 5_000, ConnectionID(owner: UInt64(slot)))
        }
        #expect(ends.allSatisfy { (5_900..<6_100).contains($0) })
        #expect(Set(ends).count > 190)
        // No tenth of the time has more than its share.
        let slices = Dictionary(grouping: ends) { ($0 - 5_900) / 20 }.mapValues(\.count)
        #expect(slices.count == 10 && slices.values.allSatisfy { (60...140).contains($0) })
        #expect(ConnectionAge.end(of: 0, from: 5_000, ConnectionID(owner: 1)) == .max)
    }

    @Test func connectionsThatCameTogetherGoOneByOne() throws {
        let rig = rig()
        let clients = (0..<100).map { _ in rig.client() }
        try rig.run()
        try pass(minutes: 8.8, rig, clients)
        #expect(clients.allSatisfy { !$0.frames().contains("close:1001") })
        try pass(minutes: 1.2, rig, clients)
        let half = clients.count { $0.frames().contains("close:1001") }
        #expect((30...70).contains(half))
        try pass(minutes: 1.2, rig, clients)
        #expect(clients.allSatisfy { $0.frames().last == "close:1001" })
        #expect(clients[0].text().contains("max_connection_age"))
        // Who does not answer the Close is given a grace.
        try rig.run(seconds: 10)
        #expect(rig.network.openConnections == 0)
    }

    @Test func whatIsOnItsWayIsRelayed() throws {
        let rig = rig()
        let client = rig.client()
        try rig.run()
        try pass(minutes: 8.8, rig, [client])
        for second in 0..<180 where !client.frames().contains("close:1001") {
            if second % 10 == 0 { client.send(.pong, []) }
            try rig.run(seconds: 1)
        }
        client.send("still on its way")
        client.sendClose(.goingAway)
        try rig.run()
        #expect(rig.flusher.records().count == 1)
    }

    @Test func aClientOfAcknowledgementsGoesWithItsAcks() throws {
        let rig = rig()
        rig.flusher.holdSettlements()
        let client = rig.client("/logs", ["Sec-WebSocket-Protocol: sluice.v1"])
        try rig.run()
        try pass(minutes: 8.8, rig, [client])
        client.send("a log")
        for second in 0..<180 where rig.snapshot.paused == 0 {
            if second % 10 == 0 { client.send(.pong, []) }
            try rig.run(seconds: 1)
        }
        rig.flusher.settleAll()
        try rig.run()
        let said = client.frames().filter { $0 != "ping" }
        #expect(said == [#"text:{"ack":1}"#, "close:1012"])
    }

    @Test func nobodyGoesWhileTheyAreHeldUpAndNotAllAtOnceBehindIt() throws {
        let rig = rig()
        let clients = (0..<50).map { _ in rig.client() }
        try rig.run()
        rig.flusher.setReady(false)
        for client in clients { client.send("waits") }
        try pass(minutes: 20, rig, clients)
        #expect(clients.allSatisfy { !$0.frames().contains("close:1001") })
        rig.flusher.setReady(true)
        try rig.run(seconds: 2)
        #expect(rig.flusher.records().count == 50)
        let atOnce = clients.count { $0.frames().contains("close:1001") }
        #expect(atOnce < 15)
        try pass(minutes: 1.2, rig, clients)
        #expect(clients.allSatisfy { $0.frames().contains("close:1001") })
    }

    @Test func withoutAnAgeNobodyGoes() throws {
        let rig = rig(age: 0)
        let client = rig.client()
        try rig.run()
        try pass(minutes: 120, rig, [client])
        #expect(rig.network.openConnections == 1)
    }

    @Test func aSenderOfPostsIsToldWithAnAnswer() throws {
        let rig = rig { $0.pingInterval = 0 }
        let client = rig.client(upgrade: false)
        func post() throws -> String {
            client.peer.write(
                "POST /logs HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 1\r\n\r\nx"
            )
            try rig.run()
            return String(decoding: client.peer.read(), as: UTF8.self)
        }
        for _ in 0..<64 {
            #expect(try post().contains("Connection: keep-alive"))
            try rig.run(seconds: 8)
        }
        var isTold = false
        for _ in 0..<20 where !isTold {
            isTold = try post().contains("Connection: close")
            try rig.run(seconds: 8)
        }
        #expect(isTold)
    }
}
