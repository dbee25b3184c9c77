import Glibc
import Reactor
import Synchronization
import Testing

/// What other threads may do to a loop.
@Suite(.timeLimit(.minutes(2))) struct ThreadTests {
    /// A loop in its thread that counts what is posted to it, until told to stop.
    private final class Counting: Sendable {
        enum Message: Sendable {
            case count(poster: Int, number: Int)
            case ask(AsyncReply<Int>)
            case stop
        }

        private struct State: Sendable {
            var inbox: Inbox<Message>?
        }

        private let state = Locked(State())
        let handled = Atomic<Int>(0)
        let disordered = Atomic<Int>(0)

        func run() {
            guard var loop = try? SocketLoop() else { return }
            let inbox = Inbox<Message>(waker: loop.waker)
            state.withLock { $0.inbox = inbox }
            var last: [Int: Int] = [:]
            var messages: [Message] = []
            while true {
                switch loop.next() {
                case .inbox:
                    inbox.take(into: &messages)
                    for message in messages {
                        switch message {
                        case .count(let poster, let number):
                            if number <= last[poster, default: -1] { disordered.add(1, ordering: .relaxed) }
                            last[poster] = number
                            handled.add(1, ordering: .releasing)
                        case .ask(let reply): reply.resume(handled.load(ordering: .relaxed))
                        case .stop: loop.stop()
                        }
                    }
                case .stopped:
                    inbox.close()
                    return
                default: break
                }
            }
        }

        var inbox: Inbox<Message> {
            while true {
                if let inbox = state.withLock({ $0.inbox }) { return inbox }
                sched_yield()
            }
        }
    }

    @Test func noWakeUpIsLost() throws {
        let counting = Counting()
        let loop = try LoopThread.start(name: "counting") { counting.run() }
        let inbox = counting.inbox
        let rounds = 20_000
        let posters = try (0..<2).map { poster in
            try ThreadBox.start {
                for number in 0..<rounds {
                    inbox.post(.count(poster: poster, number: number))
                    // Every few posts the loop is let go to sleep: a lost wake-up would be the end of this loop.
                    if number % 3 == 0 {
                        while counting.handled.load(ordering: .acquiring) <= number { sched_yield() }
                    }
                }
            }
        }
        for poster in posters { poster.join() }
        while counting.handled.load(ordering: .acquiring) < 2 * rounds { sched_yield() }
        inbox.post(.stop)
        loop.join()
        #expect(counting.disordered.load(ordering: .relaxed) == 0)
    }

    @Test func aLoopAnswersAndOneThatEndedSaysSo() async throws {
        let counting = Counting()
        let loop = try LoopThread.start(name: "counting") { counting.run() }
        let inbox = counting.inbox
        inbox.post(.count(poster: 0, number: 0))
        let answer: Int = try await AsyncReply.await(from: inbox) { .ask($0) }
        #expect(answer == 1)
        inbox.post(.stop)
        loop.join()
        #expect(inbox.post(.stop) == false)
        await #expect(throws: LoopEnded()) {
            let _: Int = try await AsyncReply.await(from: inbox) { .ask($0) }
        }
    }

    @Test func aFullWakeCounterNeitherBlocksNorDeafens() throws {
        var loop = try SocketLoop()
        let waker = loop.waker
        var most = UInt64.max - 1
        #expect(write(waker.descriptor, &most, 8) == 8)
        waker.wake()
        while loop.next() != .inbox {}
        waker.wake()
        while loop.next() != .inbox {}
        #expect(!waker.isSignalled)
    }

    @Test func loopsEvenOutTheirConnections() throws {
        let group = SocketLoopGroup(loops: 2)
        var first = try SocketLoop(group: group, index: 0)
        var second = try SocketLoop(group: group, index: 1)
        let listener = try Listener.bind(.parse("127.0.0.1:0"))
        let port = try #require(listener.boundAddress.port)
        first.listen(listener)
        var clients: [BlockingSocket] = []
        for _ in 0..<60 {
            clients.append(try BlockingSocket(port: port))
            let before = first.counters.accepted + first.counters.handedOver
            while first.counters.accepted + first.counters.handedOver == before { _ = first.next() }
        }
        while second.counters.accepted < first.counters.handedOver { _ = second.next() }
        #expect(first.connectionCount + second.connectionCount == 60)
        #expect(second.connectionCount >= 24)
        #expect(group.connections(of: 0) == first.connectionCount)
        #expect(group.connections(of: 1) == second.connectionCount)
    }

    @Test func whatWasHandedToALoopThatEndsIsClosed() throws {
        let group = SocketLoopGroup(loops: 2)
        var first = try SocketLoop(group: group, index: 0)
        let listener = try Listener.bind(.parse("127.0.0.1:0"))
        let port = try #require(listener.boundAddress.port)
        first.listen(listener)
        var clients: [BlockingSocket] = []
        do {
            let second = try SocketLoop(group: group, index: 1)
            for _ in 0..<20 {
                clients.append(try BlockingSocket(port: port))
                let before = first.counters.accepted + first.counters.handedOver
                while first.counters.accepted + first.counters.handedOver == before { _ = first.next() }
            }
            #expect(second.connectionCount == 0)
        }
        #expect(first.counters.handedOver > 0)
        let kept = first.connectionCount
        // Nobody is there to hand to any more.
        clients.append(try BlockingSocket(port: port))
        while first.connectionCount == kept { _ = first.next() }
        while clients.count(where: { $0.isReadable }) < first.counters.handedOver { sched_yield() }
        #expect(clients.count { $0.isReadable && $0.read(1).isEmpty } == first.counters.handedOver)
        #expect(first.connectionCount == clients.count - first.counters.handedOver)
    }
}

/// A thread in an array: one of a `~Copyable` type cannot stand there.
final class ThreadBox {
    private var thread: LoopThread?

    private init(_ thread: consuming LoopThread) { self.thread = consume thread }

    static func start(_ body: @escaping @Sendable () -> Void) throws -> ThreadBox {
        ThreadBox(try LoopThread.start(name: "test", body))
    }

    func join() { thread.take()?.join() }
}
