import Reactor
import Simulation
import Testing

/// What an owner of a loop is promised, beyond not having the usual bugs.
@Suite struct LoopTests {
    let network = SimulatedNetwork(seed: 1)

    @Test func aTickEndsExactlyOnce() throws {
        var server = EchoServer(network)
        let peers = (0..<5).map { _ in network.connect() }
        for peer in peers { peer.write("x") }
        var ends = 0
        try network.run {
            let seen = server.events.count
            server.step()
            if server.events.count == seen { ends += 1 }
        }
        #expect(ends == network.waits)
        #expect(server.loop.counters.ticks == network.waits)
    }

    @Test func leftOverWorkIsReportedAgainWithoutSleeping() throws {
        var server = EchoServer(network)
        _ = network.connect()
        try network.settle(&server)
        let id = server.order[0]
        server.loop.readAgain(id)
        server.loop.readAgain(id)
        server.loop.setTimer(LoopTimer(rawValue: 0), at: network.now + 1_000_000_000)
        network.advance(seconds: 2)
        let before = network.now
        while server.events.last != .readable(id) { server.step() }
        #expect(network.now == before)
        try network.settle(&server)
        #expect(server.count { $0 == .readable(id) } == 1)
        #expect(server.count { $0 == .timer(LoopTimer(rawValue: 0)) } == 1)
    }

    @Test func aPausedConnectionsOutputGoesOutInFull() throws {
        var server = EchoServer(network)
        network.faults.sendBuffer = 100
        let peer = network.connect()
        try network.settle(&server)
        server.loop.pauseReading(server.order[0])
        server.send(server.order[0], [UInt8](repeating: 1, count: 5000))
        peer.finish()
        try network.settle(&server)
        #expect(peer.read().count == 5000)
        server.send(server.order[0], [UInt8](repeating: 2, count: 5000))
        try network.settle(&server)
        #expect(peer.read().count == 5000)
    }

    @Test func leftOverWorkOfAPausedConnectionWaits() throws {
        var server = EchoServer(network)
        _ = network.connect()
        try network.settle(&server)
        server.loop.readAgain(server.order[0])
        server.loop.pauseReading(server.order[0])
        try network.settle(&server)
        #expect(server.count { $0 == .readable(server.order[0]) } == 0)
    }

    @Test func aPausedConnectionIsNotRead() throws {
        var server = EchoServer(network)
        let peer = network.connect()
        try network.settle(&server)
        server.loop.pauseReading(server.order[0])
        peer.write("held")
        try network.settle(&server)
        #expect(server.received(0).isEmpty)
        let before = network.wakeUps
        server.loop.resumeReading(server.order[0])
        server.loop.pauseReading(server.order[0])
        try network.settle(&server)
        #expect(network.wakeUps == before)
        server.loop.resumeReading(server.order[0])
        try network.settle(&server)
        #expect(server.received(0) == Array("held".utf8))
    }

    @Test func theOwnerHearsWhenACongestedConnectionDrains() throws {
        var server = EchoServer(network)
        network.faults.sendBuffer = 1000
        let peer = network.connect()
        peer.stopReading()
        try network.settle(&server)
        let id = server.order[0]
        server.send(id, [UInt8](repeating: 1, count: 64 * 1024))
        try network.settle(&server)
        peer.resumeReading()
        try network.settle(&server)
        #expect(server.count { $0 == .writable(id) } == 0)
        peer.stopReading(window: 0)
        server.send(id, [UInt8](repeating: 2, count: 80 * 1024))
        try network.settle(&server)
        #expect(server.loop.pendingOutput(id) > 64 * 1024)
        #expect(server.count { $0 == .writable(id) } == 0)
        peer.resumeReading()
        try network.settle(&server)
        #expect(server.count { $0 == .writable(id) } == 1)
        #expect(server.loop.pendingOutput(id) == 0)
        #expect(peer.read().count == 144 * 1024)
    }

    @Test func theOwnerHearsOnceWhenNothingIsQueuedAnyMoreIfItAsks() throws {
        var server = EchoServer(network)
        network.faults.sendBuffer = 10
        let peer = network.connect()
        peer.stopReading()
        try network.settle(&server)
        let id = server.order[0]
        var isAwaited = server.loop.notifyWhenDrained(id)
        #expect(!isAwaited)
        server.send(id, [UInt8](repeating: 1, count: 100))
        isAwaited = server.loop.notifyWhenDrained(id)
        #expect(isAwaited)
        try network.settle(&server)
        #expect(server.count { $0 == .writable(id) } == 0)
        peer.resumeReading()
        try network.settle(&server)
        #expect(server.count { $0 == .writable(id) } == 1)
        #expect(server.loop.pendingOutput(id) == 0)
        server.send(id, [1])
        try network.settle(&server)
        #expect(server.count { $0 == .writable(id) } == 1)
    }

    @Test func theOwnerHearsOfItWhenRepliesPileUpToo() throws {
        var server = EchoServer(network)
        _ = (0..<600).map { _ in network.connect() }
        try network.settle(&server)
        let id = server.order[0]
        server.send(id, [1])
        let isAwaited = server.loop.notifyWhenDrained(id)
        #expect(isAwaited)
        for other in server.order.dropFirst() { server.send(other, [7]) }
        // More than what is held for it already has room for.
        server.send(id, [UInt8](repeating: 2, count: 5_000))
        try network.settle(&server)
        #expect(server.count { $0 == .writable(id) } == 1)
        #expect(server.loop.pendingOutput(id) == 0)
    }

    @Test func manySmallRepliesInOneTickDoNotPileUp() throws {
        var server = EchoServer(network)
        let peers = (0..<3000).map { _ in network.connect() }
        try network.settle(&server)
        for id in server.order { server.send(id, [7]) }
        let waiting = server.order.count { server.loop.pendingOutput($0) > 0 }
        #expect(waiting <= 512)
        try network.settle(&server)
        for peer in peers { #expect(peer.read() == [7]) }
    }

    @Test func aConnectionToNobodyFails() throws {
        network.refusesConnections = true
        var server = EchoServer(network)
        let address = try SocketAddress.resolve(host: "127.0.0.1", port: 1, numericOnly: true)[0]
        let id = try server.loop.connect(to: address)
        try network.settle(&server)
        #expect(server.causes[id] == .connectFailed(.connectionRefused))
        #expect(network.openConnections == 0)
    }

    @Test func whatIsSentWhileConnectingArrives() throws {
        var server = EchoServer(network)
        let address = try SocketAddress.resolve(host: "127.0.0.1", port: 1, numericOnly: true)[0]
        let id = try server.loop.connect(to: address)
        server.loop.send(id, ([1, 2, 3] as [UInt8]).span.bytes)
        try network.settle(&server)
        #expect(server.count { $0 == .connected(id) } == 1)
        #expect(network.outgoing[0].read() == [1, 2, 3])
        network.outgoing[0].write("back")
        try network.settle(&server)
        #expect(server.connections[id]?.received == Array("back".utf8))
    }

    @Test func stoppingToAcceptTakesWhatWaitsAndKeepsWhatIsThere() throws {
        var server = EchoServer(network)
        let peers = (0..<100).map { _ in network.connect() }
        server.loop.stopAccepting()
        try network.settle(&server)
        #expect(server.order.count == 100)
        let late = network.connect()
        peers[99].write("still here")
        try network.settle(&server)
        #expect(server.order.count == 100)
        #expect(late.isHeld)
        #expect(peers[99].read() == Array("still here".utf8))
    }

    @Test func aStoppedLoopSaysNothingElse() throws {
        var server = EchoServer(network)
        _ = network.connect()
        server.loop.stop()
        #expect(server.loop.next() == .stopped)
        #expect(server.loop.next() == .stopped)
    }

    @Test func aLoopThatGoesAwayClosesEverything() throws {
        let peer = network.connect()
        do {
            var server = EchoServer(network)
            let second = network.connect()
            try network.settle(&server)
            #expect(network.openConnections == 1)
            #expect(second.isHeld)
        }
        #expect(network.openConnections == 0)
        #expect(peer.sawReset)
    }

    @Test func aHalfClosedPeerIsStillWrittenTo() throws {
        var server = EchoServer(network)
        server.closesAtEnd = false
        let peer = network.connect()
        peer.write("question")
        peer.finish()
        try network.settle(&server)
        let id = server.order[0]
        #expect(server.connections[id]?.sawEnd == true)
        server.send(id, Array(" answer".utf8))
        network.advance(seconds: 60)
        try network.settle(&server)
        #expect(peer.read() == Array("question answer".utf8))
        server.loop.close(id)
        try network.settle(&server)
        #expect(server.causes[id] == .finished)
    }

    @Test func aMessageFromElsewhereIsHeardOnce() throws {
        var server = EchoServer(network)
        let inbox = Inbox<Int>(waker: server.loop.waker)
        inbox.post(1)
        inbox.post(2)
        try network.settle(&server)
        #expect(server.count { $0 == .inbox } == 1)
        #expect(inbox.take() == [1, 2])
        inbox.post(3)
        try network.settle(&server)
        #expect(server.count { $0 == .inbox } == 2)
        #expect(inbox.take() == [3])
    }

    @Test func aCallForAnEndedConnectionIsIgnored() throws {
        var server = EchoServer(network)
        _ = network.connect()
        try network.settle(&server)
        let id = server.order[0]
        server.loop.abort(id)
        try network.settle(&server)
        _ = network.connect()
        try network.settle(&server)
        #expect(server.order[1].slot == id.slot)
        server.loop.send(id, ([1] as [UInt8]).span.bytes)
        server.loop.pauseReading(id)
        server.loop.setDeadline(id, at: 0)
        server.loop.close(id)
        network.advance(seconds: 2)
        try network.settle(&server)
        #expect(server.loop.receive(id, into: server.buffer) == .wouldBlock)
        #expect(server.loop.peer(of: id) == nil)
        #expect(server.loop.connectionCount == 1)
        #expect(server.count { if case .deadline = $0 { true } else { false } } == 0)
    }
}
