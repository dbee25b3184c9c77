import CLinux
import Glibc
import Reactor
import Testing

/// What only the real kernel can show: sockets, listeners, signals, threads.
@Suite(.timeLimit(.minutes(2))) struct KernelTests {
    /// A loop that echoes, beside blocking sockets that the test holds itself.
    private struct Server: ~Copyable {
        var loop: SocketLoop
        let buffer = ReadBuffer(capacity: 4096)
        var ids: [ConnectionID] = []
        var received: [UInt8] = []
        var causes: [CloseCause] = []
        var listenersSeen: [Int] = []

        init() throws { loop = try SocketLoop() }

        mutating func step() {
            // What is flushed behind the last event of a tick is no event: look again soon.
            loop.setTimer(LoopTimer(rawValue: 14), at: loop.now + 5_000_000)
            switch loop.next() {
            case .accepted(let id, let listener):
                ids.append(id)
                listenersSeen.append(listener)
            case .readable(let id):
                switch loop.receive(id, into: buffer) {
                case .bytes(let count):
                    let bytes = buffer.bytes(count).withUnsafeBytes { Array($0) }
                    loop.send(id, bytes.span.bytes)
                    received += bytes
                case .end: loop.close(id)
                default: break
                }
            case .closed(_, let cause): causes.append(cause)
            default: break
            }
        }

        /// Until it is so; the suite's time limit is the end of what never becomes so.
        mutating func run(until isDone: (inout Server) -> Bool) {
            while !isDone(&self) { step() }
        }

        /// The ticks that the loop takes within a time in which it has nothing to do.
        mutating func idleTicks(milliseconds: UInt64) -> Int {
            let before = loop.counters.ticks
            loop.setTimer(LoopTimer(rawValue: 14), at: .max)
            loop.setTimer(LoopTimer(rawValue: 15), at: loop.now + milliseconds * 1_000_000)
            while loop.next() != .timer(LoopTimer(rawValue: 15)) {}
            return loop.counters.ticks - before
        }
    }

    private func client(to address: ListenAddress) throws -> BlockingSocket {
        try BlockingSocket(port: #require(address.port))
    }

    @Test func whatThePeerSentBeforeItsResetIsRead() throws {
        var server = try Server()
        let listener = try Listener.bind(.parse("127.0.0.1:0"))
        let peer = try client(to: listener.boundAddress)
        server.loop.listen(listener)
        server.run { $0.ids.count == 1 }
        peer.write([UInt8](repeating: 7, count: 5000))
        peer.resetAndClose()
        server.run { $0.causes.count == 1 }
        #expect(server.received.count == 5000)
        #expect(server.causes == [.reset])
        #expect(server.loop.counters.resets == 1)
    }

    @Test(arguments: [false, true]) func aPausedConnectionsEndCostsOneWakeUp(reset: Bool) throws {
        var server = try Server()
        let listener = try Listener.bind(.parse("127.0.0.1:0"))
        let peer = try client(to: listener.boundAddress)
        server.loop.listen(listener)
        server.run { $0.ids.count == 1 }
        server.loop.pauseReading(server.ids[0])
        peer.write([1, 2, 3])
        if reset { peer.resetAndClose() } else { peer.finish() }
        // The end, and the timer that measures.
        #expect(server.idleTicks(milliseconds: 200) <= 3)
        #expect(server.received.isEmpty)
        server.loop.resumeReading(server.ids[0])
        server.run { $0.causes.count == 1 }
        #expect(server.received == [1, 2, 3])
    }

    @Test func nothingWakesTheLoopOnceOutputIsSent() throws {
        var server = try Server()
        let listener = try Listener.bind(.parse("127.0.0.1:0"))
        let peer = try client(to: listener.boundAddress)
        server.loop.listen(listener)
        server.run { $0.ids.count == 1 }
        peer.write([1])
        server.run { $0.received.count == 1 && $0.loop.pendingOutput($0.ids[0]) == 0 }
        #expect(peer.read(1) == [1])
        #expect(server.idleTicks(milliseconds: 200) <= 3)
    }

    @Test func aReplyOfMegabytesBeforeClosingArrivesThoughInputIsUnread() throws {
        var server = try Server()
        let listener = try Listener.bind(.parse("127.0.0.1:0"))
        let peer = try client(to: listener.boundAddress)
        server.loop.listen(listener)
        server.run { $0.ids.count == 1 }
        peer.write([UInt8](repeating: 1, count: 100_000))
        let reply = (0..<3_280_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        server.loop.send(server.ids[0], reply.span.bytes)
        server.loop.close(server.ids[0])
        let heard = Locked<[UInt8]>([])
        let reader = try LoopThread.start(name: "reader") {
            let bytes = peer.readToEnd()
            heard.withLock { $0 = bytes }
            peer.finish()
        }
        server.run { $0.causes.count == 1 }
        reader.join()
        #expect(server.causes == [.finished])
        #expect(heard.withLock { $0 } == reply)
    }

    @Test func anEndAfterAnEarlierEAGAINIsAnEnd() throws {
        let (left, right) = try BlockingSocket.pair()
        var socket = Socket(DescriptorEndpoint(descriptor: left.detach(nonBlocking: true)))
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16, alignment: 1)
        defer { buffer.deallocate() }
        #expect(socket.receive(into: buffer) == .wouldBlock)
        right.close()
        #expect(socket.receive(into: buffer) == .end)
    }

    @Test func writingToAClosedPeerIsAnErrorAndNoSignal() throws {
        let (left, right) = try BlockingSocket.pair()
        var socket = Socket(DescriptorEndpoint(descriptor: left.detach(nonBlocking: true)))
        right.close()
        let result = withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) { bytes in
            bytes[0] = 0
            let vector = iovec(iov_base: bytes.baseAddress, iov_len: 1)
            return withUnsafePointer(to: vector) { socket.send(UnsafeBufferPointer(start: $0, count: 1)) }
        }
        #expect(result == .failed(.brokenPipe))
    }

    @Test func discardingTakesBytesOfBothKindsOfSockets() throws {
        let (left, right) = try BlockingSocket.pair()
        var socket = Socket(DescriptorEndpoint(descriptor: left.detach(nonBlocking: true)))
        right.write([1, 2, 3, 4])
        #expect(socket.discard(upTo: 3) == .bytes(3))
        #expect(socket.discard(upTo: 3) == .bytes(1))
        #expect(socket.discard(upTo: 3) == .wouldBlock)
        right.close()
        #expect(socket.discard(upTo: 3) == .end)
    }

    @Test func interruptionsAreSeenByNobody() throws {
        // A handler without SA_RESTART, so that every blocking call of the loop's thread is cut short.
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { _ in }
        sigaction(SIGUSR1, &action, nil)
        var server = try Server()
        let listener = try Listener.bind(.parse("127.0.0.1:0"))
        let peer = try client(to: listener.boundAddress)
        server.loop.listen(listener)
        server.run { $0.ids.count == 1 }
        let target = UInt(pthread_self())
        let isOver = Flag()
        let storm = try LoopThread.start(name: "storm") {
            while !isOver.isSet {
                pthread_kill(pthread_t(target), SIGUSR1)
                usleep(200)
            }
        }
        let total = 2_000_000
        let writer = try LoopThread.start(name: "writer") {
            var left = total
            while left > 0 {
                let part = min(left, 10_000)
                peer.write([UInt8](repeating: 5, count: part))
                _ = peer.read(part)
                left -= part
            }
        }
        server.run { $0.received.count == total }
        server.run { $0.loop.pendingOutput($0.ids[0]) == 0 }
        isOver.set()
        storm.join()
        writer.join()
        #expect(server.causes.isEmpty)
    }

    @Test func descriptorsRunningOutDoNotSpinAndAcceptingRecovers() async {
        await #expect(processExitsWith: .success) {
            var limit = rlimit(rlim_cur: 64, rlim_max: 64)
            guard setrlimit(__rlimit_resource_t(7), &limit) == 0 else { exit(3) }
            var loop = try SocketLoop()
            let listener = try Listener.bind(.parse("127.0.0.1:0"))
            let port = listener.boundAddress.port!
            loop.listen(listener)
            var clients: [BlockingSocket] = []
            var ids: [ConnectionID] = []
            // Until this process, which is both sides, has no descriptor left.
            while let client = try? BlockingSocket(port: port) {
                clients.append(client)
                loop.setTimer(LoopTimer(rawValue: 0), at: loop.now + 20_000_000)
                var isOver = false
                while !isOver {
                    switch loop.next() {
                    case .accepted(let id, _): ids.append(id)
                    case .timer: isOver = true
                    default: break
                    }
                }
                if loop.isAcceptingPaused { break }
            }
            let before = loop.counters.ticks
            loop.setTimer(LoopTimer(rawValue: 0), at: loop.now + 1_000_000_000)
            while loop.next() != .timer(LoopTimer(rawValue: 0)) {}
            guard loop.counters.acceptsPaused > 0, loop.counters.ticks - before < 50 else { exit(4) }
            for client in clients.prefix(8) { client.close() }
            for id in ids.prefix(8) { loop.abort(id) }
            let accepted = loop.counters.accepted
            let late = try BlockingSocket(port: port)
            while loop.counters.accepted == accepted { _ = loop.next() }
            late.close()
            exit(0)
        }
    }
}
