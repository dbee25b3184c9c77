import COpenSSL
import Simulation
import Testing

@testable import Reactor

/// A client's first message, before there is anything of OpenSSL's.
@Suite struct ClientHelloTests {
    private static let longest = 16 * 1024
    private let network = SimulatedNetwork(seed: 21)

    private func hello(_ version: Int32 = TLS1_3_VERSION) -> [UInt8] {
        TLSPeer(network.connect(), .init(version: version...version, serverName: "server.test")).ciphertextOfHandshake()
    }

    private func server(_ network: SimulatedNetwork, proxies: [IPRange]? = nil) throws -> EchoServer {
        let context = try TLSContext.server(TLSServerConfiguration(certificates: [TestCertificates.shared.server]))
        return EchoServer(network, security: context, proxies: proxies)
    }

    private func record(_ content: some Collection<UInt8>, type: UInt8 = 22) -> [UInt8] {
        [type, 3, 1, UInt8(content.count >> 8), UInt8(content.count & 255)] + content
    }

    /// The same message in records of so many bytes.
    private func fragmented(_ hello: [UInt8], by size: Int) -> [UInt8] {
        let message = Array(hello.dropFirst(5))
        return stride(from: 0, to: message.count, by: size).flatMap { record(message[$0...].prefix(size)) }
    }

    private func take(_ bytes: some Collection<UInt8>, _ reader: inout ClientHelloReader) -> ClientHelloReader.Verdict {
        Array(bytes).withUnsafeBytes { reader.take($0) }
    }

    @Test(arguments: [Int.max, 1, 2, 3, 4, 5, 100])
    func itIsWholeAtItsLastByteWhateverTheCut(size: Int) {
        let hello = fragmented(hello(), by: min(size, 4096))
        for cut in 0..<hello.count {
            var reader = ClientHelloReader()
            #expect(take(hello[..<cut], &reader) == .needMore)
            #expect(reader.held.count == cut)
            #expect(take(hello[cut...], &reader) == .ready)
            #expect(reader.giveAll() == hello)
            #expect(reader.held.isEmpty)
        }
        var reader = ClientHelloReader()
        #expect(hello.dropLast().allSatisfy { take([$0], &reader) == .needMore })
        #expect(take(hello.suffix(1), &reader) == .ready)
    }

    @Test func whatFollowsIsKeptToo() {
        var reader = ClientHelloReader()
        let bytes = hello() + [20, 3, 3, 0, 1, 1]
        #expect(take(bytes, &reader) == .ready)
        #expect(reader.giveAll() == bytes)
    }

    @Test func aMessageThatEndsBeforeItsRecordWaitsForTheRecord() {
        var reader = ClientHelloReader()
        #expect(take([22, 3, 1, 0, 5, 1, 0, 0, 0], &reader) == .needMore)
        #expect(take([0], &reader) == .ready)
    }

    @Test(
        arguments: [
            ([0], 0), ([21, 3, 1], 0), ([23], 0), ([0x80, 0x2E, 1], 0), ([22, 2], 1), ([22, 4], 1),
            ([22, 3, 1, 0, 0], 4),
            ([22, 3, 1, 0x40, 1], 4), ([22, 3, 1, 0xFF, 0xFF], 4), ([22, 3, 1, 0, 9, 2], 5), ([22, 3, 1, 0, 9, 0], 5),
            ([22, 3, 1, 0, 1, 1, 21], 6), ([22, 3, 1, 0, 1, 1, 22, 3, 1, 0, 0], 10), (Array("PRI * ".utf8), 1),
            (Array("GETS".utf8), 3),
        ] as [([UInt8], Int)]
    )
    func whatIsNoneIsRefusedAtItsFirstWrongByte(bytes: [UInt8], at wrong: Int) {
        var reader = ClientHelloReader()
        for byte in bytes[..<wrong] { #expect(take([byte], &reader) == .needMore) }
        #expect(take(bytes[wrong...], &reader) == .refused(.noTLS))
        var whole = ClientHelloReader()
        #expect(take(bytes, &whole) == .refused(.noTLS))
    }

    @Test(arguments: ["GET ", "POST /", "OPTIONS ", "HEAD / HTTP/1.1\r\n"])
    func aRequestIsKnownByItsMethod(text: String) {
        var reader = ClientHelloReader()
        let method = text.utf8.prefix { $0 != UInt8(ascii: " ") }
        for byte in method { #expect(take([byte], &reader) == .needMore) }
        #expect(take([UInt8(ascii: " ")], &reader) == .refused(.plainHTTP))
        var whole = ClientHelloReader()
        #expect(take(text.utf8, &whole) == .refused(.plainHTTP))
    }

    @Test func noMoreIsHeldThanARecord() {
        var reader = ClientHelloReader()
        let content = [1, 1, 0, 0] + [UInt8](repeating: 0, count: Self.longest - 4)
        let bytes = record(content)
        #expect(bytes.count == ClientHelloReader.limit)
        #expect(take(bytes.dropLast(), &reader) == .needMore)
        #expect(reader.room == 1)
        #expect(take(bytes.suffix(1), &reader) == .ready)
    }

    @Test func beforeItIsWholeThereIsNoSession() throws {
        let network = SimulatedNetwork(seed: 22)
        var server = try server(network)
        let client = TLSPeer(network.connect())
        let hello = client.ciphertextOfHandshake()
        for (index, byte) in hello.enumerated() {
            client.peer.write([byte])
            try network.settle(&server)
            let hasSession = server.loop.slab[0].layer?.hasSession == true
            #expect(hasSession == (index == hello.count - 1))
        }
        try network.settle(&server, client)
        client.write("a log")
        try network.settle(&server, client)
        #expect(client.received == Array("a log".utf8))
    }

    @Test(arguments: [1, 7, 100], [TLS1_2_VERSION, TLS1_3_VERSION])
    func inManyRecordsItIsAgreedOnAllTheSame(size: Int, version: Int32) throws {
        let network = SimulatedNetwork(seed: 23)
        var server = try server(network)
        let client = TLSPeer(network.connect(), .init(version: version...version))
        client.peer.write(fragmented(client.ciphertextOfHandshake(), by: size))
        try network.settle(&server, client)
        #expect(client.isEstablished)
    }

    @Test(arguments: [1, 20])
    func behindAProxyHeaderItIsHeldToo(size: Int) throws {
        let network = SimulatedNetwork(seed: 24)
        var server = try server(network, proxies: [IPRange("10.0.0.0/8")!])
        let client = TLSPeer(network.connect(from: IPAddress("10.0.0.1")!))
        let hello = client.ciphertextOfHandshake()
        client.peer.write(Array("PROXY TCP4 203.0.113.9 192.0.2.1 4711 443\r\n".utf8) + hello.prefix(size))
        try network.settle(&server)
        let hasSession = server.loop.slab[0].layer?.hasSession == true
        #expect(!hasSession)
        client.peer.write(hello.dropFirst(size))
        try network.settle(&server, client)
        #expect(client.isEstablished)
    }

    @Test(arguments: [[21, 3, 1, 0, 2, 2, 40], [22, 3, 1, 0, 1, 1, 23], [0]] as [[UInt8]])
    func whoSpeaksSomethingElseIsClosed(bytes: [UInt8]) throws {
        let network = SimulatedNetwork(seed: 25)
        var server = try server(network)
        let peer = network.connect()
        peer.write(bytes)
        try network.settle(&server)
        #expect(peer.sawEnd)
        peer.close()
        try network.settle(&server)
        #expect(server.cause(0) == .tlsFailed)
        #expect(server.fault(0) == .noTLS)
    }

    @Test func whoLeavesInTheMiddleHasFailed() throws {
        let network = SimulatedNetwork(seed: 26)
        var server = try server(network)
        let peer = network.connect()
        peer.write(hello().prefix(30))
        try network.settle(&server)
        peer.finish()
        try network.settle(&server)
        #expect(server.cause(0) == .tlsFailed)
        #expect(server.fault(0) == .peerLeft)
        #expect(network.openConnections == 0)
    }

    @Test func ofThoseWhoLeaveWhileTheirTurnIsAwaitedNothingIsLeft() throws {
        let network = SimulatedNetwork(seed: 27)
        var limits = LoopLimits()
        limits.secureAcceptsPerTick = 100
        let context = try TLSContext.server(TLSServerConfiguration(certificates: [TestCertificates.shared.server]))
        var server = EchoServer(network, limits: limits, security: context)
        let clients = (0..<60).map { _ in TLSPeer(network.connect()) }
        for client in clients { client.pump() }
        while server.loop.handshakes.count < 40 { server.step() }
        for (number, id) in server.order.enumerated() {
            if number % 3 == 0 { server.loop.close(id) } else if number % 3 == 1 { server.loop.abort(id) }
        }
        // Their places are taken by others, who wait for their turns as well.
        let others = (0..<60).map { _ in TLSPeer(network.connect()) }
        try network.settle(&server, with: clients + others)
        #expect(others.allSatisfy { $0.isEstablished })
        #expect(server.loop.handshakes.isEmpty)
        #expect(clients.count { $0.isEstablished } >= 20)
        for client in clients + others { client.peer.close() }
        try network.settle(&server)
        #expect(server.mistakes.isEmpty)
        #expect(network.openConnections == 0)
    }
}
