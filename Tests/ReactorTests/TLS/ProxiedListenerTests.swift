import Reactor
import Simulation
import Testing

/// Listeners behind proxies that say who the client is.
@Suite struct ProxiedListenerTests {
    private let network = SimulatedNetwork(seed: 11)
    private let line = "PROXY TCP4 203.0.113.9 192.0.2.1 4711 443\r\n"
    private let proxies = [IPRange("10.0.0.0/8")!]
    private let proxy = IPAddress("10.1.2.3")!

    private func server(secure: Bool = false) throws -> EchoServer {
        let context = try TLSContext.server(TLSServerConfiguration(certificates: [TestCertificates.shared.server]))
        return EchoServer(network, security: secure ? context : nil, proxies: proxies)
    }

    @Test func theClientIsWhomTheProxyNames() throws {
        var server = try server()
        let peer = network.connect(from: proxy)
        try network.settle(&server)
        #expect(server.loop.peer(server.order[0])?.ip == proxy)
        peer.write(line + "first")
        try network.settle(&server)
        #expect(server.loop.peer(server.order[0])?.description == "203.0.113.9:4711")
        #expect(peer.read() == Array("first".utf8))
        peer.write("second")
        try network.settle(&server)
        #expect(server.received(0) == Array("firstsecond".utf8))
        peer.finish()
        try network.settle(&server)
        #expect(server.cause(0) == .finished)
    }

    @Test func aHeaderMayComeByteByByte() throws {
        network.faults.receiveWindow = 1
        var server = try server()
        let peer = network.connect(from: proxy)
        peer.write(line + "first")
        try network.settle(&server)
        #expect(server.received(0) == Array("first".utf8))
        #expect(server.count { if case .readable = $0 { true } else { false } } == 5)
    }

    @Test func theSecondVersionIsTheSame() throws {
        var server = try server()
        let peer = network.connect(from: proxy)
        let signature: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A]
        peer.write(signature + [0x21, 0x11, 0, 12, 203, 0, 113, 9, 192, 0, 2, 1, 0x12, 0x67, 0x01, 0xBB])
        peer.write("a log")
        try network.settle(&server)
        #expect(server.loop.peer(server.order[0])?.description == "203.0.113.9:4711")
        #expect(server.received(0) == Array("a log".utf8))
    }

    @Test func aHealthCheckIsTheProxyItself() throws {
        var server = try server()
        let peer = network.connect(from: proxy)
        peer.write("PROXY UNKNOWN\r\nhello")
        try network.settle(&server)
        #expect(server.loop.peer(server.order[0])?.ip == proxy)
        #expect(server.received(0) == Array("hello".utf8))
        let silent = network.connect(from: proxy)
        silent.close()
        try network.settle(&server)
        #expect(server.cause(1) == .peerClosed)
        #expect(server.loop.counters.proxyRefusals == 0)
    }

    @Test func whatIsBehindTheHeaderMayBeMoreThanTheOwnerReadsAtOnce() throws {
        let network = SimulatedNetwork(seed: 12)
        var server = EchoServer(network, readBuffer: 10, proxies: proxies)
        let peer = network.connect(from: proxy)
        let log = String(repeating: "a log ", count: 500)
        peer.write(line + log)
        try network.settle(&server)
        #expect(server.received(0) == Array(log.utf8))
    }

    @Test func aPausedConnectionHearsOfItLater() throws {
        var server = try server()
        let peer = network.connect(from: proxy)
        try network.settle(&server)
        server.loop.pauseReading(server.order[0])
        peer.write(line + "later")
        peer.finish()
        try network.settle(&server)
        #expect(server.received(0).isEmpty)
        server.loop.resumeReading(server.order[0])
        try network.settle(&server)
        #expect(server.received(0) == Array("later".utf8))
        #expect(server.connections[server.order[0]]?.sawEnd == true)
    }

    @Test func whoIsNoTrustedProxyIsClosed() throws {
        var server = try server()
        let peer = network.connect(from: IPAddress("192.0.2.77")!)
        peer.write(line + "not to be believed")
        try network.settle(&server)
        #expect(server.received(0).isEmpty)
        #expect(server.cause(0) == .proxyRefused)
        #expect(server.loop.counters.proxyRefusals == 1)
        #expect(server.loop.closedProxyRefusal == .stranger(IPAddress("192.0.2.77")))
        #expect(network.openConnections == 0)
    }

    @Test func whoHasNoAddressComesFromThisMachine() throws {
        var server = try server()
        let peer = network.connect()
        peer.write(line + "a log")
        try network.settle(&server)
        #expect(server.received(0) == Array("a log".utf8))
        #expect(server.loop.peer(server.order[0])?.description == "203.0.113.9:4711")
    }

    @Test(arguments: ["GET / HTTP/1.1\r\n", "PROXY TCP4 nonsense\r\n", "\u{16}\u{3}\u{1}"])
    func withoutAHeaderNobodyComesIn(text: String) throws {
        for isSecure in [false, true] {
            let network = SimulatedNetwork(seed: 13)
            let context = try TLSContext.server(TLSServerConfiguration(certificates: [TestCertificates.shared.server]))
            var server = EchoServer(network, security: isSecure ? context : nil, proxies: proxies)
            let peer = network.connect(from: proxy)
            peer.write(text)
            try network.settle(&server)
            #expect(server.received(0).isEmpty)
            #expect(server.cause(0) == .proxyRefused)
            #expect(server.loop.counters.proxyRefusals == 1)
            #expect(server.loop.closedProxyRefusal?.description.contains("PROXY") == true)
            #expect(server.loop.counters.tlsFailures == 0)
        }
    }

    @Test(arguments: [Int.max, 1, 60])
    func theHeaderComesBeforeTLS(window: Int) throws {
        network.faults.receiveWindow = min(window, 128 * 1024)
        var server = try server(secure: true)
        let client = TLSPeer(network.connect(from: proxy))
        client.peer.write(line)
        client.pump()
        try network.settle(&server, client)
        client.write("a log")
        try network.settle(&server, client)
        #expect(client.received == Array("a log".utf8))
        #expect(server.loop.peer(server.order[0])?.description == "203.0.113.9:4711")
        client.sayEnd()
        client.peer.finish()
        try network.settle(&server, client)
        #expect(server.cause(0) == .finished)
    }

    @Test func replyingBeforeTheHeaderIsPossibleInTheOpen() throws {
        var server = try server()
        let peer = network.connect(from: proxy)
        try network.settle(&server)
        server.send(server.order[0], Array("too late".utf8))
        server.loop.close(server.order[0])
        try network.settle(&server)
        #expect(peer.sawEnd)
        peer.close()
        try network.settle(&server)
        #expect(server.cause(0) == .finished)
    }
}
