import Reactor
import Simulation
import Testing

/// The mistakes that hand-written event loops have made, each in the simulated kernel, which behaves as Linux was
/// measured to. Those about sockets proper are in `KernelTests`.
@Suite struct UsualBugsTests {
    let network = SimulatedNetwork(seed: 1)

    private func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) } }

    @Test func whatThePeerSentBeforeItsResetIsRead() throws {
        var server = EchoServer(network, readBuffer: 3000)
        let peer = network.connect()
        try network.settle(&server)
        peer.write(bytes(5000))
        peer.reset()
        try network.settle(&server)
        #expect(server.received(0) == bytes(5000))
        #expect(server.cause(0) == .reset)
        #expect(server.loop.counters.resets == 1)
    }

    @Test func aResetWhilePausedCostsOneWakeUp() throws {
        var server = EchoServer(network)
        let peer = network.connect()
        try network.settle(&server)
        server.loop.pauseReading(server.order[0])
        try network.settle(&server)
        let before = network.wakeUps
        peer.write(bytes(100))
        peer.reset()
        network.advance(seconds: 10)
        try network.settle(&server)
        #expect(network.wakeUps - before == 1)
        server.loop.resumeReading(server.order[0])
        try network.settle(&server)
        #expect(server.received(0) == bytes(100))
        #expect(server.cause(0) == .reset)
    }

    @Test func aResetWhilePausedWithOutputWaitingCostsFewWakeUps() throws {
        var server = EchoServer(network)
        network.faults.sendBuffer = 100
        let peer = network.connect()
        peer.stopReading()
        try network.settle(&server)
        server.send(server.order[0], bytes(1000))
        server.loop.pauseReading(server.order[0])
        try network.settle(&server)
        #expect(server.loop.pendingOutput(server.order[0]) == 900)
        let before = network.wakeUps
        peer.reset()
        try network.settle(&server)
        #expect(network.wakeUps - before <= 2)
        #expect(server.loop.pendingOutput(server.order[0]) == 0)
    }

    @Test func aFinishWhilePausedCostsOneWakeUpAndIsReadAfterTheData() throws {
        var server = EchoServer(network)
        let peer = network.connect()
        try network.settle(&server)
        server.loop.pauseReading(server.order[0])
        try network.settle(&server)
        let before = network.wakeUps
        peer.write(bytes(100))
        peer.finish()
        network.advance(seconds: 10)
        try network.settle(&server)
        #expect(network.wakeUps - before == 1)
        #expect(server.received(0).isEmpty)
        server.loop.resumeReading(server.order[0])
        try network.settle(&server)
        #expect(server.received(0) == bytes(100))
        #expect(server.cause(0) == .finished)
    }

    @Test func anEventForAnEndedConnectionDoesNotReachItsDescriptorsNextOwner() throws {
        network.faults.staleEvents = 100
        var server = EchoServer(network)
        for round in 0..<50 {
            let peer = network.connect()
            try network.settle(&server)
            let id = server.order[round]
            let reads = server.count { $0 == .readable(id) }
            try network.settle(&server)
            #expect(server.count { $0 == .readable(id) } == reads)
            peer.finish()
            try network.settle(&server)
        }
        #expect(server.loop.counters.staleEvents > 0)
        #expect(Set(server.order.map(\.slot)).count == 1)
        #expect(Set(server.order).count == 50)
    }

    @Test func aConnectionClosedByItsNeighbourInTheSameBatchIsHeardNoMore() throws {
        var server = EchoServer(network)
        let peers = [network.connect(), network.connect()]
        try network.settle(&server)
        for peer in peers { peer.write("x") }
        var first: ConnectionID?
        try network.run {
            let seen = server.events.count
            server.step()
            if case .readable(let id)? = server.events.dropFirst(seen).first, first == nil {
                first = id
                for other in server.order where other != id { server.loop.abort(other) }
            }
        }
        #expect(server.count { if case .readable = $0 { true } else { false } } == 1)
        #expect(server.count { if case .closed = $0 { true } else { false } } == 1)
    }

    @Test func aConnectionThatClosesItselfWhileReadIsHeardNoMore() throws {
        var server = EchoServer(network, readBuffer: 10)
        server.closesAfter = 10
        let peer = network.connect()
        peer.write(bytes(1000))
        try network.settle(&server)
        #expect(server.received(0) == bytes(10))
        #expect(peer.read() == bytes(10))
        peer.finish()
        try network.settle(&server)
        #expect(server.cause(0) == .finished)
        #expect(!peer.sawReset)
    }

    @Test func runningOutOfDescriptorsRestsAndRecovers() throws {
        var server = EchoServer(network)
        network.descriptorLimit = 11
        let held = (0..<10).map { _ in network.connect() }
        try network.settle(&server)
        #expect(server.order.count == 10)
        // Linux says EMFILE before it looks into the queue, so the loop rests already.
        #expect(server.loop.isAcceptingPaused == true)
        let shed = network.connect()
        network.advance(by: 100_000_000)
        try network.settle(&server)
        #expect(server.loop.counters.shed == 1)
        #expect(shed.sawEnd)
        #expect(server.loop.counters.acceptError == .tooManyOpenFiles)
        _ = network.connect()
        let before = network.waits
        network.advance(by: 90_000_000)
        try network.settle(&server)
        #expect(network.waits - before <= 3)
        held[0].finish()
        held[1].finish()
        network.advance(seconds: 1)
        try network.settle(&server)
        #expect(server.loop.isAcceptingPaused == false)
        #expect(server.order.count == 11)
        #expect(server.loop.counters.acceptError == nil)
    }

    @Test func acceptingIsTriedAtMostTenTimesASecondWithoutDescriptors() throws {
        var server = EchoServer(network)
        network.descriptorLimit = 1
        for _ in 0..<1000 {
            _ = network.connect()
            network.advance(by: 10_000_000)
            try network.settle(&server)
        }
        #expect(server.loop.counters.acceptsPaused <= 14)
    }

    @Test func whatCannotBeWatchedIsClosed() throws {
        network.faults.refusedRegistrations = 100
        var server = EchoServer(network)
        let peer = network.connect()
        try network.settle(&server)
        #expect(network.openConnections == 0)
        #expect(server.order.isEmpty)
        #expect(server.loop.counters.acceptFailures == 1)
        #expect(peer.sawEnd)
    }

    @Test func nothingWakesTheLoopOnceOutputIsSent() throws {
        var server = EchoServer(network)
        network.faults.sendBuffer = 100
        let peer = network.connect()
        peer.stopReading()
        peer.write(bytes(1000))
        try network.settle(&server)
        peer.resumeReading()
        try network.settle(&server)
        #expect(peer.read() == bytes(1000))
        let before = network.wakeUps
        network.advance(seconds: 60)
        try network.settle(&server)
        #expect(network.wakeUps == before)
    }

    @Test func everyByteArrivesThoughEveryWriteIsShort() throws {
        network.faults.shortWrites = 100
        network.faults.sendBuffer = 777
        var server = EchoServer(network)
        let peer = network.connect()
        peer.write(bytes(100_000))
        try network.settle(&server)
        #expect(peer.read() == bytes(100_000))
    }

    @Test func aBurstBeyondTheBudgetIsReadToItsEnd() throws {
        var server = EchoServer(network)
        server.echoes = false
        network.faults.receiveWindow = 1 << 21
        let peer = network.connect()
        peer.write(bytes(1 << 20))
        try network.settle(&server)
        #expect(server.received(0) == bytes(1 << 20))
    }

    @Test func aFloodDoesNotDelayOthers() throws {
        var server = EchoServer(network)
        server.echoes = false
        network.faults.receiveWindow = 1 << 24
        let flood = network.connect()
        let others = (0..<100).map { _ in network.connect() }
        try network.settle(&server)
        flood.write(bytes(4 << 20))
        for other in others { other.write("x") }
        var floodReads = 0
        try network.run {
            let seen = server.events.count
            server.step()
            let served = (1...100).count { server.received($0).count == 1 }
            if server.events.count > seen, server.events.last == .readable(server.order[0]), served < 100 {
                floodReads += 1
            }
        }
        #expect(floodReads <= 1)
        #expect(server.received(0).count == 4 << 20)
    }

    @Test func aReplyBeforeClosingArrivesThoughInputIsUnread() throws {
        var server = EchoServer(network, readBuffer: 10)
        server.closesAfter = 10
        server.echoes = false
        network.faults.sendBuffer = 50
        let peer = network.connect()
        peer.stopReading()
        try network.settle(&server)
        server.send(server.order[0], bytes(1000))
        peer.write(bytes(100_000))
        try network.settle(&server)
        peer.resumeReading()
        try network.settle(&server)
        #expect(peer.read() == bytes(1000))
        #expect(peer.sawEnd)
        #expect(!peer.sawReset)
        peer.finish()
        try network.settle(&server)
        #expect(server.cause(0) == .finished)
    }

    @Test func closingWaitsForTheSlowReaderAndSendsNothingMore() throws {
        var server = EchoServer(network)
        network.faults.sendBuffer = 4096
        let peer = network.connect()
        peer.stopReading(window: 10)
        try network.settle(&server)
        server.send(server.order[0], bytes(300_000))
        server.loop.close(server.order[0])
        server.loop.send(server.order[0], bytes(10).span.bytes)
        try network.settle(&server)
        #expect(peer.received.count == 10)
        #expect(!peer.sawEnd)
        peer.resumeReading()
        try network.settle(&server)
        peer.finish()
        try network.settle(&server)
        #expect(peer.read() == bytes(300_000))
        #expect(server.cause(0) == .finished)
        #expect(server.count { if case .closed = $0 { true } else { false } } == 1)
    }

    @Test func aPeerThatNeverReadsDoesNotHoldAClosingConnection() throws {
        var server = EchoServer(network)
        let peer = network.connect()
        peer.stopReading()
        try network.settle(&server)
        server.send(server.order[0], bytes(300_000))
        server.loop.close(server.order[0])
        network.advance(seconds: 9)
        try network.settle(&server)
        #expect(server.cause(0) == nil)
        network.advance(seconds: 3)
        try network.settle(&server)
        #expect(server.cause(0) == .lingerTimeout)
        #expect(network.openConnections == 0)
    }

    @Test func aPeerThatNeverStopsSendingDoesNotHoldAClosedConnection() throws {
        var server = EchoServer(network)
        let peer = network.connect()
        try network.settle(&server)
        server.loop.close(server.order[0])
        for _ in 0..<40 {
            if server.cause(0) == nil { peer.write(bytes(1000)) }
            network.advance(by: 100_000_000)
            try network.settle(&server)
        }
        #expect(server.cause(0) == .lingerTimeout)
    }

    @Test func silentClientsAreGoneByTheirDeadlinesAndOthersAreNot() throws {
        var server = EchoServer(network)
        for _ in 0..<1000 { _ = network.connect() }
        let good = network.connect()
        try network.settle(&server)
        for id in server.order { server.loop.setDeadline(id, at: network.now + 10_000_000_000) }
        good.write("hello")
        try network.settle(&server)
        let talker = try #require(server.order.first { server.connections[$0]?.received.count == 5 })
        server.loop.setDeadline(talker, at: .max)
        network.advance(seconds: 12)
        var early = 0
        try network.run {
            let seen = server.events.count
            server.step()
            if case .deadline(let id)? = server.events.dropFirst(seen).first {
                if network.now < 11_000_000_000 { early += 1 }
                server.loop.abort(id)
            }
        }
        #expect(early == 0)
        #expect(server.loop.connectionCount == 1)
        #expect(server.causes.count == 1000)
    }

    @Test func aDeadlineThatClosesItsNeighboursFiresNothingForThem() throws {
        var server = EchoServer(network)
        for _ in 0..<200 { _ = network.connect() }
        try network.settle(&server)
        for id in server.order { server.loop.setDeadline(id, at: network.now + 1) }
        network.advance(seconds: 3)
        var fired = 0
        try network.run {
            let seen = server.events.count
            server.step()
            if case .deadline? = server.events.dropFirst(seen).first {
                fired += 1
                for id in server.order { server.loop.abort(id) }
            }
        }
        #expect(fired == 1)
        #expect(server.causes.count == 200)
    }

    /// Milliseconds around which 32-bit clocks turn over.
    @Test(arguments: [UInt64(1) << 31, 1 << 32, 1 << 33]) func clocksTurnOverUnnoticed(milliseconds: UInt64) throws {
        let network = SimulatedNetwork(seed: 3, now: (milliseconds - 500) * 1_000_000)
        var server = EchoServer(network)
        _ = network.connect()
        try network.settle(&server)
        server.loop.setDeadline(server.order[0], at: network.now + 1_000_000_000)
        server.loop.setTimer(LoopTimer(rawValue: 3), at: network.now + 700_000_000)
        network.advance(by: 600_000_000)
        try network.settle(&server)
        #expect(server.count { $0 == .deadline(server.order[0]) || $0 == .timer(LoopTimer(rawValue: 3)) } == 0)
        network.advance(seconds: 2)
        try network.settle(&server)
        #expect(server.count { $0 == .deadline(server.order[0]) } == 1)
        #expect(server.count { $0 == .timer(LoopTimer(rawValue: 3)) } == 1)
    }

    @Test func closingTwiceIsClosingOnce() throws {
        var server = EchoServer(network)
        _ = network.connect()
        try network.settle(&server)
        let id = server.order[0]
        server.loop.close(id)
        server.loop.close(id)
        server.loop.abort(id)
        server.loop.abort(id)
        server.loop.close(id)
        try network.settle(&server)
        #expect(server.count { if case .closed = $0 { true } else { false } } == 1)
        #expect(network.openConnections == 0)
    }
}
