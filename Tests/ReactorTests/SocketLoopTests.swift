import Reactor
import Testing

@Suite struct SocketLoopTests {
    @Test func aPreciseTimerIsNotEarlyAndIsSaidOnce() throws {
        var limits = LoopLimits()
        limits.hasPreciseTimers = true
        var loop = try SocketLoop(limits: limits)
        for _ in 0..<20 {
            let time = loop.now + 70_000
            loop.setTimer(LoopTimer(rawValue: 3), at: time)
            var said = 0
            while said == 0 {
                if case .timer = loop.next() { said += 1 }
            }
            let now = loop.now
            #expect(now >= time)
        }
    }

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
