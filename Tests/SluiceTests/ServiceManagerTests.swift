import Glibc
import Testing

@testable import sluice

@Suite struct ServiceManagerTests {
    @Test func itIsToldByDatagrams() async throws {
        // A name in the abstract namespace: nothing to remove afterwards.
        let name = "sluice-\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
        let listener = try #require(Self.bind(abstract: name))
        defer { close(listener) }
        let manager = ServiceManager(["NOTIFY_SOCKET": "@\(name)"])
        manager.say(.ready)
        #expect(Self.receive(listener) == "READY=1")
        manager.say(.stopping(within: .seconds(30)))
        #expect(Self.receive(listener) == "STOPPING=1\nEXTEND_TIMEOUT_USEC=40000000")
    }

    @Test func whoIsReloadingSaysSinceWhen() {
        let lines = ServiceManager.text(.reloading).split(separator: "\n")
        #expect(lines.first == "RELOADING=1")
        #expect(lines.last?.wholeMatch(of: /MONOTONIC_USEC=[1-9][0-9]*/) != nil)
    }

    /// What is to be said, and what of it is.
    @Test(arguments: [
        ("ready reloading ready", "ready reloading ready"),
        ("ready reloading reloading ready ready", "ready reloading reloading ready"),
        // SIGHUP during the drain, and a reload that began before it.
        ("ready stopping reloading ready alive", "ready stopping alive"),
        ("ready reloading stopping alive ready", "ready reloading stopping alive"),
    ])
    func statesMakeSenseOneAfterTheOther(wished: String, said: String) {
        let states: [String: ServiceManager.State] = [
            "ready": .ready, "reloading": .reloading, "stopping": .stopping(within: .seconds(1)), "alive": .alive,
        ]
        var words = ServiceWords()
        let told = wished.split(separator: " ").map(String.init).filter { states[$0].map { words.takes($0) } ?? false }
        #expect(told == said.split(separator: " ").map(String.init))
    }

    @Test func whoIsStoppingIsNotReadyAgain() throws {
        let name = "sluice-\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
        let listener = try #require(Self.bind(abstract: name))
        defer { close(listener) }
        let manager = ServiceManager(["NOTIFY_SOCKET": "@\(name)"])
        for state in [ServiceManager.State.stopping(within: .seconds(1)), .reloading, .ready, .alive] {
            manager.say(state)
        }
        #expect(Self.receive(listener).hasPrefix("STOPPING=1"))
        #expect(Self.receive(listener) == "WATCHDOG=1")
    }

    @Test(arguments: [
        (["NOTIFY_SOCKET": "/run/n", "WATCHDOG_USEC": "30000000"], Duration?.some(.seconds(15))),
        (["NOTIFY_SOCKET": "/run/n", "WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "7"], .seconds(15)),
        (["NOTIFY_SOCKET": "/run/n", "WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "8"], nil),
        (["NOTIFY_SOCKET": "/run/n", "WATCHDOG_USEC": "no"], nil),
        (["NOTIFY_SOCKET": "/run/n", "WATCHDOG_USEC": "0"], nil),
        (["WATCHDOG_USEC": "30000000"], nil),
        (["NOTIFY_SOCKET": "vsock:2:1", "WATCHDOG_USEC": "30000000"], nil),
    ])
    func theWatchdogIsHeardTwiceInItsTime(environment: [String: String], interval: Duration?) {
        #expect(ServiceManager(environment, process: 7).watchdog == interval)
    }

    @Test func onlyWhatTurnsIsAlive() async throws {
        let name = "sluice-\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
        let listener = try #require(Self.bind(abstract: name))
        defer { close(listener) }
        let manager = ServiceManager(["NOTIFY_SOCKET": "@\(name)", "WATCHDOG_USEC": "2000"])
        let (turns, turn) = AsyncStream.makeStream(of: Void.self)
        let (asked, ask) = AsyncStream.makeStream(of: Void.self)
        let watching = Task {
            await manager.keepWatched {
                ask.yield()
                for await _ in turns { break }
            }
        }
        for await _ in asked { break }
        #expect(recv(listener, nil, 0, Int32(MSG_DONTWAIT)) == -1)
        turn.yield()
        #expect(Self.receive(listener) == "WATCHDOG=1")
        watching.cancel()
        turn.finish()
        await watching.value
    }

    @Test(arguments: ["", "/nowhere/there/is/none", "@" + String(repeating: "x", count: 200)])
    func whoCannotBeToldStaysUntold(socket: String) {
        ServiceManager(["NOTIFY_SOCKET": socket]).say(.ready)
    }

    private static func bind(abstract name: String) -> Int32? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: [0] + name.utf8) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + 1 + name.utf8.count)
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        let result = withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.bind(descriptor, $0, length) }
        }
        return result == 0 ? descriptor : nil
    }

    private static func receive(_ descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }
}
