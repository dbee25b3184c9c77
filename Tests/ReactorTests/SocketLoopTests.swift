import Reactor
import Testing

@Suite struct SocketLoopTests {
    @Test func aConnectionOverLoopbackEchoesAndClosesBothWays() throws {
        var loop = try SocketLoop()
        let listener = try Listener.bind(.parse("127.0.0.1:0"))
        let port = try #require(listener.boundAddress.port)
        #expect(loop.listen(listener) == 0)
        let client = try loop.connect(to: SocketAddress.resolve(host: "127.0.0.1", port: port)[0])
        let buffer = ReadBuffer()
        var server: ConnectionID?
        var heard: [UInt8] = []
        var causes: [CloseCause] = []
        let hello: [UInt8] = Array("hello".utf8)
        while causes.count < 2 {
            switch loop.next() {
            case .accepted(let id, _): server = id
            case .connected(let id): loop.send(id, hello.span.bytes)
            case .readable(let id):
                switch loop.receive(id, into: buffer) {
                case .bytes(let count):
                    if id == server {
                        loop.send(id, buffer.bytes(count))
                    } else {
                        buffer.bytes(count).withUnsafeBytes { heard += Array($0) }
                        if heard.count == hello.count { loop.close(client) }
                    }
                case .end: loop.close(id)
                default: break
                }
            case .closed(_, let cause): causes.append(cause)
            default: break
            }
        }
        #expect(heard == hello)
        #expect(causes == [.finished, .finished])
        #expect(loop.connectionCount == 0)
    }
}
