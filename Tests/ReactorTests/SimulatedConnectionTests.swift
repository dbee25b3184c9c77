import Glibc
import Reactor
import Simulation
import Testing

/// Whole connections, everything going wrong that a kernel and a network can do. `SLUICE_SEEDS` names how many seeds.
@Suite struct SimulatedConnectionTests {
    static let seeds = UInt64(getenv("SLUICE_SEEDS").flatMap { UInt64(String(cString: $0)) } ?? 300)

    /// Seeds that once failed.
    static let regressions: [UInt64] = []

    @Test func everyByteArrivesInOrderAndEveryPlaceIsFreeAgain() throws {
        for seed in Self.regressions + Array(0..<Self.seeds) {
            do {
                try Scenario(seed: seed).run()
            } catch {
                Issue.record("seed \(seed): \(error)")
            }
        }
    }
}

/// A handful of peers that write, pause, finish or break off at random, against a server that echoes.
private final class Scenario {
    private enum Ending: CaseIterable {
        case finish
        case reset
        case close
        case serverCloses
        case serverAborts
    }

    private struct Client {
        let peer: SimulatedPeer
        let ending: Ending
        var toSend: [UInt8]
        var sent: [UInt8] = []
        var heard: [UInt8] = []
        var isOver = false
    }

    private let network: SimulatedNetwork
    private var random: SeededRandom
    private var clients: [Client] = []

    init(seed: UInt64) {
        network = .faulty(seed: seed)
        random = SeededRandom(seed: seed &+ 1 << 40)
    }

    func run() throws {
        var server = EchoServer(network, readBuffer: 1 + random.below(8192))
        for _ in 0..<(1 + random.below(6)) {
            let endings = Ending.allCases
            let bytes = (0..<random.below(20_000)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            clients.append(
                Client(peer: network.connect(), ending: endings[random.below(endings.count)], toSend: bytes)
            )
        }
        var rounds = 0
        while clients.contains(where: { !$0.isOver }), rounds < 400 {
            rounds += 1
            for index in clients.indices { move(index) }
            try network.run(atMost: 200_000) {
                server.step()
                meddle(&server)
            }
        }
        try end(&server)
        try check(server)
    }

    private func move(_ index: Int) {
        let peer = clients[index].peer
        if random.chance(20) { peer.stopReading(window: random.below(2000)) }
        if random.chance(60) { peer.resumeReading() }
        if random.chance(50) { clients[index].heard += peer.read() }
        guard !clients[index].isOver else { return }
        let part = clients[index].toSend.prefix(random.below(4000))
        if !peer.sawReset {
            peer.write(part)
            clients[index].sent += part
        }
        clients[index].toSend.removeFirst(part.count)
        guard clients[index].toSend.isEmpty || peer.sawReset || peer.sawEnd else { return }
        clients[index].isOver = true
        switch clients[index].ending {
        case .finish: peer.finish()
        case .reset: peer.reset()
        case .close: peer.close()
        case .serverCloses, .serverAborts: break
        }
    }

    /// What an owner may do at any time, to connections that are there and to others.
    private func meddle(_ server: inout EchoServer) {
        guard random.chance(10), !server.order.isEmpty else { return }
        let id = server.order[random.below(server.order.count)]
        switch random.below(4) {
        case 0: server.loop.pauseReading(id)
        case 1: server.loop.readAgain(id)
        default: server.loop.resumeReading(id)
        }
    }

    private func end(_ server: inout EchoServer) throws {
        for _ in 0..<50 {
            for id in server.order { server.loop.resumeReading(id) }
            for index in clients.indices {
                clients[index].peer.resumeReading()
                clients[index].heard += clients[index].peer.read()
            }
            try network.settle(&server)
        }
        for id in server.order {
            if random.chance(50) { server.loop.close(id) } else { server.loop.abort(id) }
        }
        for client in clients where !client.peer.sawReset { client.peer.finish() }
        network.faults = .none
        network.advance(seconds: 30)
        try network.settle(&server)
        for index in clients.indices { clients[index].heard += clients[index].peer.read() }
    }

    private func check(_ server: borrowing EchoServer) throws {
        if let mistake = server.mistakes.first { throw SimulationFailure(description: mistake) }
        try require(network.openConnections == 0, "\(network.openConnections) descriptors are still open")
        try require(server.loop.connectionCount == 0, "\(server.loop.connectionCount) places are still taken")
        for (id, connection) in server.connections {
            try require(connection.isClosed, "\(id) was not said to be closed")
            try require(matches(connection), "\(id) received what nobody sent, or not all of it")
        }
        for client in clients {
            try require(client.sent.starts(with: client.heard), "a client heard what was not echoed")
        }
    }

    /// Accepting is no first come, first served under faults: a connection is recognised by its bytes.
    private func matches(_ connection: EchoServer.Connection) -> Bool {
        clients.contains { client in
            connection.sawEnd && !client.peer.sawReset
                ? client.sent == connection.received : client.sent.starts(with: connection.received)
        }
    }

    private func require(_ isTrue: Bool, _ what: String) throws {
        if !isTrue { throw SimulationFailure(description: what) }
    }
}
