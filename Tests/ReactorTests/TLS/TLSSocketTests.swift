import Reactor
import Testing

/// TLS between real sockets.
@Suite struct TLSSocketTests {
    private let files = TestCertificates.shared

    private func contexts() throws -> (server: TLSContext, client: TLSContext) {
        var configuration = TLSClientConfiguration()
        configuration.certificateAuthorities = [files.authority]
        return (try .server(TLSServerConfiguration(certificates: [files.server])), try .client(configuration))
    }

    @Test func aMegabyteThereAndBack() throws {
        let (serving, connecting) = try contexts()
        var loop = try SocketLoop()
        let listener = try Listener.bind(.parse("127.0.0.1:0"))
        let port = try #require(listener.boundAddress.port)
        loop.listen(listener, security: serving)
        let address = try SocketAddress.resolve(host: "127.0.0.1", port: port)[0]
        let client = try loop.connect(to: address, security: connecting, serverName: "localhost")
        let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        let buffer = ReadBuffer()
        var heard: [UInt8] = []
        var causes: [CloseCause] = []
        while causes.count < 2 {
            switch loop.next() {
            case .connected(let id): loop.send(id, bytes.span.bytes)
            case .readable(let id):
                switch loop.receive(id, into: buffer) {
                case .bytes(let count):
                    if id == client {
                        buffer.bytes(count).withUnsafeBytes { heard += Array($0) }
                        if heard.count == bytes.count { loop.close(client) }
                    } else {
                        loop.send(id, buffer.bytes(count))
                    }
                case .end: loop.close(id)
                default: break
                }
            case .closed(_, let cause): causes.append(cause)
            default: break
            }
        }
        #expect(heard == bytes)
        #expect(causes == [.finished, .finished])
        #expect(loop.counters.tlsHandshakes == 2)
    }

    @Test func aConnectionHandedToAnotherLoopSpeaksTLSThere() throws {
        let (serving, _) = try contexts()
        let group = SocketLoopGroup(loops: 2)
        var first = try SocketLoop(group: group, index: 0)
        var second = try SocketLoop(group: group, index: 1)
        let listener = try Listener.bind(.parse("127.0.0.1:0"))
        let port = try #require(listener.boundAddress.port)
        first.listen(listener, security: serving)
        var idle: [BlockingSocket] = []
        while first.counters.handedOver == 0 {
            idle.append(try BlockingSocket(port: port))
            let before = first.counters.accepted + first.counters.handedOver
            while first.counters.accepted + first.counters.handedOver == before { _ = first.next() }
        }
        for socket in idle { socket.write(Array("GET / HTTP/1.1\r\n\r\n".utf8)) }
        while second.counters.tlsFailures < first.counters.handedOver { _ = second.next() }
        // Named by the client that was handed over: that loop has no listener at all, and knows what is spoken.
        let last = try #require(idle.last)
        while !last.isReadable { _ = second.next() }
        #expect(String(decoding: last.read(12), as: UTF8.self) == "HTTP/1.1 400")
    }
}
