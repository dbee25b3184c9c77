import Glibc
import LogPipeline
import Reactor
import Testing

@testable import Gateway

/// The admin listener on real sockets, beside a loop that turns or one that does not.
@Suite struct AdminLoopTests {
    private func withAdmin(
        _ loop: LoopHandle,
        _ adjust: (inout AdminContext) -> Void = { _ in },
        reload: (@Sendable (Bool) async -> (status: Int, text: String))? = nil,
        _ body: (UInt16) throws -> Void
    ) throws {
        var none: [InheritedListener] = []
        let address = ListenSource.address(.host("127.0.0.1", port: 0))
        let listeners = try BoundListeners([address], loops: 1, from: &none, setting: "admin")
        var plan = Gateway.Plan(
            configuration: GatewayConfiguration(routes: GatewayRig.routes),
            listeners: [],
            admin: nil,
            loops: 1,
            topics: ["logs"],
            flusher: RecordingFlusher()
        )
        plan.reload = reload
        let shared = SharedState()
        let books = try Gateway.Books(plan)
        shared.names.replace(books.routes, books.topics)
        var adjusted = AdminContext(loops: [loop], shared: shared, plan: plan)
        adjust(&adjusted)
        let context = adjusted
        let started = Handover<Result<Inbox<AdminLoop.Message>, Errno>>()
        let thread = try ThreadBox(name: "admin") {
            Gateway.runAdmin(listeners: listeners, context: context, started)
        }
        let inbox = try started.wait().get()
        defer {
            inbox.post(.stop)
            thread.join()
        }
        try body(#require(listeners.addresses.first?.port))
    }

    /// A loop that nobody runs.
    private func withStuckLoop(_ body: (LoopHandle) throws -> Void) throws {
        let reactor = try SocketLoop()
        try body(LoopHandle(inbox: Inbox(waker: reactor.waker)))
    }

    /// A loop that answers.
    private func withTurningLoop(_ body: (LoopHandle) throws -> Void) async throws {
        let rig = GatewayRig()
        let started = Handover<Result<LoopHandle, Errno>>()
        let plan = Gateway.Plan(
            configuration: GatewayConfiguration(routes: GatewayRig.routes),
            listeners: [],
            admin: nil,
            loops: 1,
            topics: ["logs"],
            flusher: rig.flusher
        )
        let thread = try ThreadBox(name: "loop") {
            Gateway.runLoop(index: 0, plan: plan, group: SocketLoopGroup(loops: 1), SharedState(), started)
        }
        let handle = try started.wait().get()
        let result = Result { try body(handle) }
        _ = await handle.stop()
        thread.join()
        try result.get()
    }

    @Test func aLoopThatDoesNotTurnIsSaidThoughProbesKeepComing() throws {
        try withStuckLoop { loop in
            try withAdmin(loop) { port in
                let first = try #require(AdminClient(port: port))
                first.ask("/livez")
                var answer = ""
                var probes: [AdminClient] = []
                while answer.isEmpty, probes.count < 100 {
                    let probe = try #require(AdminClient(port: port))
                    probe.ask("/livez")
                    probes.append(probe)
                    answer = first.receive(milliseconds: 100)
                }
                #expect(answer.hasPrefix("HTTP/1.1 503 "))
            }
        }
    }

    @Test func whoAsksForAReloadThatTakesLongIsToldThatItGoesOn() throws {
        let (waiting, goOn) = AsyncStream.makeStream(of: Void.self)
        let shorter = { (context: inout AdminContext) in context.reloadPatience = 50 * millisecond }
        let reload: @Sendable (Bool) async -> (status: Int, text: String) = { _ in
            for await _ in waiting { break }
            return (200, "reloaded")
        }
        try withStuckLoop { loop in
            try withAdmin(loop, shorter, reload: reload) { port in
                let client = try #require(AdminClient(port: port))
                client.ask("/reload", method: "POST")
                let answer = client.receiveAll()
                #expect(answer.hasPrefix("HTTP/1.1 504 ") && answer.contains("goes on"))
                // What comes of it finds nobody, and hurts nobody.
                goOn.yield()
                goOn.finish()
                let next = try #require(AdminClient(port: port))
                next.ask("/readyz")
                #expect(next.receive(milliseconds: 10_000).hasPrefix("HTTP/1.1 200 "))
            }
        }
    }

    @Test(arguments: ["/", "/livez", "/readyz", "/metrics", "/metrics?format=influx", "/status", "/nowhere"])
    func whoHasSaidAllIsAnsweredBeforeTheEnd(path: String) async throws {
        try await withTurningLoop { loop in
            try withAdmin(loop) { port in
                let client = try #require(AdminClient(port: port))
                client.ask(path)
                client.endInput()
                #expect(client.receiveAll().hasPrefix("HTTP/1.1 \(path == "/nowhere" ? 404 : 200) "))
            }
        }
    }

    @Test func oneConnectionTakesManyRequestsAndHEADHasNoBody() async throws {
        try await withTurningLoop { loop in
            try withAdmin(loop) { port in
                let client = try #require(AdminClient(port: port))
                for _ in 0..<3 {
                    client.ask("/livez", method: "HEAD")
                    let answer = client.receive(milliseconds: 10_000)
                    #expect(answer.hasPrefix("HTTP/1.1 200 ") && answer.hasSuffix("\r\n\r\n"))
                    #expect(answer.contains("Connection: keep-alive"))
                }
                client.ask("/livez", method: "POST")
                let refusal = client.receiveAll()
                #expect(refusal.hasPrefix("HTTP/1.1 405 ") && refusal.contains("Allow: GET, HEAD"))
            }
        }
    }

    @Test func ofRequestsInOneGoTheFirstIsAnsweredAndNoMemoryIsSpentOnTheOthers() async throws {
        try await withTurningLoop { loop in
            try withAdmin(loop) { port in
                let client = try #require(AdminClient(port: port))
                client.send(String(repeating: AdminClient.request("/metrics", "GET"), count: 200))
                let answer = client.receiveAll()
                #expect(answer.components(of: "HTTP/1.1 200 ") == 1)
                #expect(answer.contains("Connection: close"))
            }
        }
    }
}

/// A blocking client.
private final class AdminClient {
    private let descriptor: Int32

    init?(port: UInt16) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { return nil }
    }

    deinit { close(descriptor) }

    static func request(_ path: String, _ method: String) -> String {
        "\(method) \(path) HTTP/1.1\r\nHost: sluice\r\n\r\n"
    }

    func ask(_ path: String, method: String = "GET") { send(Self.request(path, method)) }

    func send(_ text: String) {
        let bytes = Array(text.utf8)
        _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    func endInput() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// What comes next; nothing at the end, or when nothing comes for so long.
    func receive(milliseconds: Int32) -> String {
        var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard Glibc.poll(&poll, 1, milliseconds) == 1 else { return "" }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }

    /// Everything until the server closes.
    func receiveAll() -> String {
        var all = ""
        while true {
            let more = receive(milliseconds: 10_000)
            if more.isEmpty { return all }
            all += more
        }
    }
}

extension String {
    /// How often a part occurs.
    fileprivate func components(of part: String) -> Int { ranges(of: part).count }
}
