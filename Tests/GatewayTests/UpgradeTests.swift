import HTTPWire
import LogPipeline
import Simulation
import Testing

@testable import Gateway

@Suite struct UpgradeTests {
    private func refused(_ rig: GatewayRig, _ reason: RefusalReason) -> UInt64 {
        rig.snapshot.refused[Int(reason.rawValue)]
    }

    @Test func anUnknownPathIs404AndNamesTheRoutes() throws {
        let rig = GatewayRig()
        let client = rig.client("/nope")
        try rig.run(seconds: 3)
        #expect(client.status == 404)
        #expect(refused(rig, .notFound) == 1)
        #expect(rig.network.openConnections == 0)
    }

    @Test func aQueryDoesNotChangeTheRoute() throws {
        let rig = GatewayRig()
        let client = rig.client("/logs?token=a%20b")
        try rig.run()
        #expect(client.status == 101)
    }

    @Test func anAgentsOddPathIsARouteOfItsOwn() throws {
        let rig = GatewayRig()
        let client = rig.client("/logs%3Ftoken=1")
        try rig.run()
        #expect(client.status == 404)
    }

    @Test(arguments: [
        ("GET /logs HTTP/1.1\r\nHost: x\r\n\r\n", 426, RefusalReason.notUpgrade),
        ("PUT /logs HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", 405, .notUpgrade),
        ("DELETE /logs HTTP/1.1\r\nHost: x\r\n\r\n", 405, .notUpgrade),
        ("garbage\r\n\r\n", 400, .badRequest),
        ("GET /logs HTTP/1.1\nHost: x\n\n", 400, .badRequest),
        (
            "GET /logs HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: upgrade\r\n"
                + "Sec-WebSocket-Key: short\r\nSec-WebSocket-Version: 13\r\n\r\n", 400, .badRequest
        ),
        (
            "GET /logs HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 8\r\n\r\n", 426, .notUpgrade
        ),
        (GatewayClient.request("/logs", ["Content-Length: 6"]), 400, .badRequest),
        (GatewayClient.request("/logs", ["Transfer-Encoding: chunked"]), 400, .badRequest),
    ])
    func aWrongHandshakeGetsItsStatus(request: String, status: Int, reason: RefusalReason) throws {
        let rig = GatewayRig()
        let client = rig.client(upgrade: false)
        client.peer.write(request)
        try rig.run(seconds: 3)
        #expect(client.status == status)
        #expect(refused(rig, reason) == 1)
        #expect(rig.network.openConnections == 0)
    }

    @Test func aHeadOverTheLimitIs431AndCostsNoMore() throws {
        let rig = GatewayRig()
        let client = rig.client(upgrade: false)
        client.peer.write("GET /logs HTTP/1.1\r\nHost: x\r\nX: ")
        client.peer.write(Array(repeating: UInt8(ascii: "a"), count: 1 << 20))
        try rig.run(seconds: 3)
        #expect(client.status == 431)
    }

    @Test func whoSendsNothingIsGoneAfterTheHandshakeTimeout() throws {
        let rig = GatewayRig()
        for _ in 0..<50 { _ = rig.client(upgrade: false) }
        try rig.run(seconds: 9)
        #expect(rig.network.openConnections == 50)
        try rig.run(seconds: 5)
        #expect(rig.network.openConnections == 0)
        #expect(refused(rig, .timeout) == 50)
    }

    @Test func anUndeliverableTopicIs503WithRetryAfter() throws {
        let rig = GatewayRig()
        rig.flusher.setHealthy(false)
        let client = rig.client()
        let replyOnly = rig.client("/raw")
        try rig.run()
        #expect(client.status == 503)
        #expect(client.head().contains("Retry-After: "))
        #expect(replyOnly.status == 101)
        #expect(refused(rig, .notReady) == 1)
    }

    @Test func whoHasNotUpgradedTakesNobodysPlace() throws {
        let rig = GatewayRig { $0.maxConnections = 2 }
        for _ in 0..<10 { _ = rig.client(upgrade: false) }
        let refused = rig.client("/nowhere")
        try rig.run()
        let clients = (0..<3).map { _ in rig.client() }
        try rig.run()
        #expect(refused.status == 404)
        #expect(clients.map(\.status).sorted() == [101, 101, 429])
    }

    @Test func overMaxConnectionsIs429() throws {
        let rig = GatewayRig { $0.maxConnections = 2 }
        let clients = (0..<3).map { _ in
            let client = rig.client()
            try? rig.run()
            return client
        }
        #expect(clients.map(\.status) == [101, 101, 429])
        clients[0].peer.close()
        try rig.run(seconds: 3)
        let next = rig.client()
        try rig.run()
        #expect(next.status == 101)
    }
}
