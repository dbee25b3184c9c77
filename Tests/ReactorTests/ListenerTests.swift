import Glibc
import Testing

@testable import Reactor

@Suite(.timeLimit(.minutes(1))) struct ListenerTests {
    /// Goes away with what it was made for.
    private final class Folder {
        let path: String

        init() throws {
            var template = Array("/tmp/sluice-XXXXXX".utf8CString)
            path = String(cString: try #require(mkdtemp(&template)))
        }

        deinit {
            for name in ["s", "s2", "file"] { unlink("\(path)/\(name)") }
            rmdir(path)
        }
    }

    @Test(arguments: [
        ("0.0.0.0:8080", ListenAddress.host("0.0.0.0", port: 8080)), ("[::]:8080", .host("::", port: 8080)),
        ("localhost:8080", .host("localhost", port: 8080)), (":8080", .any(port: 8080)), ("*:0", .any(port: 0)),
        ("unix:/run/x.sock", .unix(path: "/run/x.sock")), ("/run/x.sock", .unix(path: "/run/x.sock")),
    ]) func anAddressIsReadAsWritten(text: String, address: ListenAddress) throws {
        #expect(try ListenAddress.parse(text) == address)
        #expect(try ListenAddress.parse(address.description) == address)
    }

    @Test(arguments: [
        "", "8080", "localhost", "localhost:", "localhost:http", "localhost:65536", "localhost:-1", "localhost:+1",
        "::1:8080", "unix:", "a b:1", "host/path:1", "/" + String(repeating: "x", count: 108),
    ]) func whatIsNoAddressIsRefusedWithAReason(text: String) throws {
        let error = #expect(throws: ListenAddressError.self) { try ListenAddress.parse(text) }
        #expect(error?.text == text)
        #expect(error?.problem.isEmpty == false)
    }

    @Test(arguments: ["127.0.0.1:0", "localhost:0", "[::1]:0", ":0", "[::]:0"])
    func clientsReachWhatIsBound(text: String) throws {
        var loop = try SocketLoop()
        let listener = try Listener.bind(.parse(text))
        let port = try #require(listener.boundAddress.port)
        #expect(port != 0)
        loop.listen(listener)
        let ipv6 = text.hasPrefix("[")
        let client = try BlockingSocket(port: port, ipv6: ipv6)
        while true {
            guard case .accepted(let id, _) = loop.next() else { continue }
            let peer = loop.peer(of: id) ?? ""
            #expect(peer.hasPrefix(ipv6 ? "[::1]:" : "127.0.0.1:"))
            break
        }
        client.close()
    }

    @Test func anAddressInUseIsNamedWithItsFix() throws {
        let first = try Listener.bind(.parse("127.0.0.1:0"))
        let address = first.boundAddress
        let error = #expect(throws: ListenerError.self) { _ = try Listener.bind(address) }
        #expect(error?.cause == .refused(.addressInUse))
        #expect(error?.description.contains(address.description) == true)
        #expect(error?.description.contains("choose another address") == true)
        #expect(throws: ListenerError.self) { try Listener.probe(address) }
        _ = consume first
        try Listener.probe(address)
    }

    @Test func severalLoopsShareAPortByReuse() throws {
        let first = try Listener.bind(.parse("127.0.0.1:0"), reusePort: true)
        let second = try Listener.bind(first.boundAddress, reusePort: true)
        #expect(second.boundAddress == first.boundAddress)
        #expect(throws: ListenerError.self) { try Listener.probe(first.boundAddress) }
    }

    @Test func anUnresolvedNameSaysSo() throws {
        let error = #expect(throws: ListenerError.self) {
            _ = try Listener.bind(.host("no such name", port: 0))
        }
        guard case .unresolved = error?.cause else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func aUnixSocketIsServedAndRemoved() throws {
        let folder = try Folder()
        defer { withExtendedLifetime(folder) {} }
        let path = folder.path + "/s"
        do {
            var loop = try SocketLoop()
            loop.listen(try Listener.bind(.unix(path: path)))
            let address = try #require(SocketAddress(path: path))
            let client = try loop.connect(to: address)
            var accepted: ConnectionID?
            var isConnected = false
            while accepted == nil || !isConnected {
                switch loop.next() {
                case .accepted(let id, _): accepted = id
                case .connected(client): isConnected = true
                default: break
                }
            }
            let peer = loop.peer(of: try #require(accepted))
            #expect(peer == "unix")
            // Both ends of a unix socket hang up at once; neither may wake the loop for ever.
            loop.close(client)
            var causes: [CloseCause] = []
            let buffer = ReadBuffer(capacity: 64)
            while causes.count < 2 {
                switch loop.next() {
                case .readable(let id):
                    if loop.receive(id, into: buffer) == .end { loop.close(id) }
                case .closed(_, let cause): causes.append(cause)
                default: break
                }
            }
            #expect(causes == [.finished, .finished])
            #expect(access(path, F_OK) == 0)
        }
        #expect(access(path, F_OK) != 0)
    }

    @Test func aStaleUnixSocketIsReplacedAndALivingOneIsNot() throws {
        let folder = try Folder()
        defer { withExtendedLifetime(folder) {} }
        let path = folder.path + "/s"
        let living = try Listener.bind(.unix(path: path))
        let error = #expect(throws: ListenerError.self) { _ = try Listener.bind(.unix(path: path)) }
        #expect(error?.cause == .refused(.addressInUse))
        let copy = try living.duplicate()
        // As if its process had been killed: closed, not unlinked.
        let stale = path + "2"
        rename(path, stale)
        _ = consume living
        _ = consume copy
        #expect(access(stale, F_OK) == 0)
        let replaced = try Listener.bind(.unix(path: stale))
        #expect(replaced.boundAddress == .unix(path: stale))
    }

    @Test func whatIsNoSocketIsNotRemoved() throws {
        let folder = try Folder()
        defer { withExtendedLifetime(folder) {} }
        let path = folder.path + "/file"
        #expect(creat(path, 0o600) >= 0)
        #expect(throws: ListenerError.self) { _ = try Listener.bind(.unix(path: path)) }
        #expect(access(path, F_OK) == 0)
    }

    @Test func aSharedListenerIsClosedByOneLoopAndServedByTheOther() throws {
        var first = try SocketLoop()
        var second = try SocketLoop()
        let listener = try Listener.bind(.parse("127.0.0.1:0"))
        let port = try #require(listener.boundAddress.port)
        second.listen(try listener.duplicate())
        first.listen(listener)
        first.stopAccepting()
        while first.next() != .endOfTick {}
        let client = try BlockingSocket(port: port)
        while second.counters.accepted == 0 { _ = second.next() }
        // A closed listener that stayed registered would wake the first loop for every client of the second.
        let before = first.counters.ticks
        first.setTimer(LoopTimer(rawValue: 0), at: first.now + 100_000_000)
        while first.next() != .timer(LoopTimer(rawValue: 0)) {}
        #expect(first.counters.ticks - before <= 2)
        client.close()
    }

    @Test func stoppingToAcceptTakesTheKernelsQueue() throws {
        var loop = try SocketLoop()
        let listener = try Listener.bind(.parse("127.0.0.1:0"))
        let port = try #require(listener.boundAddress.port)
        loop.listen(listener)
        let clients = try (0..<50).map { _ in try BlockingSocket(port: port) }
        loop.stopAccepting()
        while loop.next() != .endOfTick {}
        #expect(loop.counters.accepted == clients.count)
        #expect(throws: BlockingSocketError.self) { try BlockingSocket(port: port) }
    }

    @Test func handedOverSocketsAreCountedOnlyForTheirProcess() {
        #expect(InheritedListener.count(pid: "17", descriptors: "2", own: 17) == 2)
        #expect(InheritedListener.count(pid: "18", descriptors: "2", own: 17) == 0)
        #expect(InheritedListener.count(pid: nil, descriptors: "2", own: 17) == 0)
        #expect(InheritedListener.count(pid: "17", descriptors: nil, own: 17) == 0)
        #expect(InheritedListener.count(pid: "17", descriptors: "-3", own: 17) == 0)
        #expect(InheritedListener.count(pid: "17", descriptors: "many", own: 17) == 0)
    }

    @Test func aHandedOverSocketServesItsAddress() throws {
        let listener = try Listener.bind(.parse("127.0.0.1:0"))
        let port = try #require(listener.boundAddress.port)
        let inherited = try #require(InheritedListener(descriptor: listener.descriptor))
        #expect(inherited.address == .host("127.0.0.1", port: port))
        #expect(inherited.serves(.host("127.0.0.1", port: port)))
        #expect(!inherited.serves(.host("127.0.0.1", port: port &+ 1)))
        #expect(!inherited.serves(.any(port: port)))
        var loop = try SocketLoop()
        loop.listen(try inherited.listener())
        let client = try BlockingSocket(port: port)
        while loop.counters.accepted == 0 { _ = loop.next() }
        client.close()
        let (left, right) = try BlockingSocket.pair()
        #expect(InheritedListener(descriptor: left.detach(nonBlocking: false)) == nil)
        right.close()
    }

    @Test func aConnectionThatIsRefusedSaysSo() throws {
        var loop = try SocketLoop()
        let listener = try Listener.bind(.parse("127.0.0.1:0"))
        let port = try #require(listener.boundAddress.port)
        _ = consume listener
        let source = try SocketAddress.resolve(host: "127.0.0.9", port: 0, numericOnly: true)[0]
        let target = try SocketAddress.resolve(host: "127.0.0.1", port: port, numericOnly: true)[0]
        #expect(target.description == "127.0.0.1:\(port)")
        let id = try loop.connect(to: target, from: source)
        while true {
            guard case .closed(let closed, let cause) = loop.next() else { continue }
            #expect(closed == id)
            #expect(cause == .connectFailed(.connectionRefused))
            break
        }
    }
}
