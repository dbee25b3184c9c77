import Simulation
import Testing

@testable import Reactor

/// Many handshakes at once.
@Suite struct TLSStormTests {
    private func context() throws -> TLSContext {
        try .server(TLSServerConfiguration(certificates: [TestCertificates.shared.server]))
    }

    @Test func aTickAnswersSoMany() throws {
        let network = SimulatedNetwork(seed: 3)
        var limits = LoopLimits()
        limits.secureAcceptsPerTick = 100
        var server = EchoServer(network, limits: limits, security: try context())
        let quiet = (0..<40).map { _ in TLSPeer(network.connect()) }
        try network.settle(&server)
        for client in quiet { client.pump() }
        var answered: [Int] = []
        try network.run {
            server.step()
            guard server.loop.counters.ticks > answered.count else { return }
            answered.append(quiet.count { !$0.peer.received.isEmpty })
        }
        #expect(answered.last == 40)
        let steps = zip(answered.dropFirst(), answered).map { $0 - $1 }
        // Time stands still in a simulation: nothing else takes any, so that one is their share.
        #expect(steps.max() == 1)
        #expect(server.loop.counters.ticks >= 40)
    }

    @Test func theNewestComesFirst() {
        var queue = HandshakeQueue()
        for slot: UInt32 in 0..<3 { queue.add(ConnectionID(slot: slot, generation: 1)) }
        var order: [UInt32] = []
        while let id = queue.next() { order.append(id.slot) }
        #expect(order == [2, 1, 0])
        #expect(queue.isEmpty)
    }

    @Test func thoseWhoReadAreNotHeldUp() throws {
        let network = SimulatedNetwork(seed: 4)
        var server = EchoServer(network, security: try context())
        let good = TLSPeer(network.connect())
        try network.settle(&server, good)
        let storm = (0..<200).map { _ in TLSPeer(network.connect()) }
        for client in storm { client.pump() }
        good.write("a log")
        good.flush()
        let before = server.loop.counters.ticks
        var heardAt = 0
        try network.run {
            server.step()
            if heardAt == 0, !server.received(0).isEmpty { heardAt = server.loop.counters.ticks }
        }
        #expect(heardAt - before <= 2)
        #expect(server.loop.counters.ticks - before > 20)
    }

    @Test func theyWaitWithTheKernelWhenThereAreTooMany() throws {
        let network = SimulatedNetwork(seed: 5)
        var limits = LoopLimits()
        limits.secureAcceptsPerTick = 16
        limits.waitingHandshakes = 32
        var server = EchoServer(network, limits: limits, security: try context())
        let clients = (0..<300).map { _ in TLSPeer(network.connect()) }
        for client in clients { client.pump() }
        var most = 0
        try network.run {
            server.step()
            let answered = clients.count { !$0.peer.received.isEmpty }
            most = max(most, server.loop.connectionCount - answered)
        }
        // The bound, what a tick accepts beyond it, and what the one before has accepted and not heard yet.
        #expect(most <= 32 + 16 + 16)
        try network.settle(&server, with: clients)
        #expect(clients.allSatisfy { $0.isEstablished })
        #expect(server.loop.counters.tlsHandshakes == 300)
    }

    @Test func silentOnesAreGoneByTheirDeadline() throws {
        let network = SimulatedNetwork(seed: 6)
        var server = EchoServer(network, security: try context())
        for _ in 0..<100 { _ = network.connect() }
        let good = TLSPeer(network.connect())
        try network.settle(&server, good)
        for id in server.order where id != server.order.last {
            server.loop.setDeadline(id, at: server.loop.now + 10_000_000_000)
        }
        network.advance(seconds: 20)
        try network.run {
            server.step()
            if case .deadline(let id) = server.events.last { server.loop.abort(id) }
        }
        #expect(server.loop.connectionCount == 1)
        good.write("still here")
        try network.settle(&server, good)
        #expect(good.received == Array("still here".utf8))
    }
}
