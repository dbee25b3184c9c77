import COpenSSL
import Reactor
import Simulation
import Testing

/// Whole TLS connections, everything going wrong that a kernel and a network can do. `SLUICE_SEEDS` names how many
/// seeds.
@Suite struct TLSScenarioTests {
    /// Seeds that once failed.
    static let regressions: [UInt64] = []

    @Test func everyByteArrivesInOrderAndEveryPlaceIsFreeAgain() throws {
        let context = try TLSContext.server(TLSServerConfiguration(certificates: [TestCertificates.shared.server]))
        for seed in Self.regressions + Array(0..<SimulatedConnectionTests.seeds / 2) {
            do {
                try TLSScenario(seed: seed).run(context)
            } catch {
                Issue.record("seed \(seed): \(error)")
            }
        }
    }
}

/// A handful of TLS clients that write, pause, change keys, finish or break off at random, against a server that echoes.
private final class TLSScenario {
    private enum Ending: CaseIterable {
        case finish
        case sayEndAndFinish
        case sayEnd
        case reset
        case serverCloses
        case serverAborts
    }

    private final class Client {
        let tls: TLSPeer
        let ending: Ending
        var toSend: [UInt8]
        var sent: [UInt8] = []
        /// Ciphertext that the network has not been given.
        var unsent: ArraySlice<UInt8> = []
        var isOver = false

        init(_ tls: TLSPeer, _ ending: Ending, _ toSend: [UInt8]) {
            self.tls = tls
            self.ending = ending
            self.toSend = toSend
        }
    }

    private let network: SimulatedNetwork
    private var random: SeededRandom
    private var clients: [Client] = []

    init(seed: UInt64) {
        network = .faulty(seed: seed)
        random = SeededRandom(seed: seed &+ 1 << 40)
    }

    func run(_ context: TLSContext) throws {
        var server = EchoServer(network, readBuffer: 1 + random.below(80_000), security: context)
        for _ in 0..<(1 + random.below(4)) {
            let version = random.chance(50) ? TLS1_2_VERSION : TLS1_3_VERSION
            let ending = Ending.allCases[random.below(Ending.allCases.count)]
            let bytes = (0..<random.below(40_000)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            clients.append(Client(TLSPeer(network.connect(), .init(version: version...version)), ending, bytes))
        }
        var rounds = 0
        while clients.contains(where: { !$0.isOver }), rounds < 600 {
            rounds += 1
            for client in clients { move(client) }
            try network.run(atMost: 400_000) {
                server.step()
                meddle(&server)
            }
        }
        try end(&server)
        try check(server)
    }

    private func move(_ client: Client) {
        let peer = client.tls.peer
        if random.chance(20) { peer.stopReading(window: random.below(2000)) }
        if random.chance(60) { peer.resumeReading() }
        guard !client.isOver else { return }
        if random.chance(80) { client.tls.take() }
        if client.tls.isEstablished, client.tls.failure == nil, !client.tls.sawCloseNotify {
            if random.chance(5), SSL_version(client.tls.ssl) == TLS1_3_VERSION {
                SSL_key_update(client.tls.ssl, SSL_KEY_UPDATE_REQUESTED)
            }
            let part = client.toSend.prefix(random.below(9000))
            client.tls.write(part)
            client.sent += part
            client.toSend.removeFirst(part.count)
        }
        send(client, atMost: random.chance(30) ? random.below(50) : .max)
        guard client.toSend.isEmpty && client.unsent.isEmpty || isBroken(client) else { return }
        finish(client)
    }

    private func isBroken(_ client: Client) -> Bool {
        client.tls.peer.sawReset || client.tls.peer.sawEnd || client.tls.failure != nil
    }

    private func send(_ client: Client, atMost limit: Int) {
        client.unsent += client.tls.ciphertext()
        let part = client.unsent.prefix(limit)
        client.unsent = client.unsent.dropFirst(part.count)
        if !client.tls.peer.sawReset { client.tls.peer.write(part) }
    }

    private func finish(_ client: Client) {
        client.isOver = true
        switch client.ending {
        case .finish: client.tls.peer.finish()
        case .sayEnd, .sayEndAndFinish:
            if client.tls.isEstablished { SSL_shutdown(client.tls.ssl) }
            send(client, atMost: .max)
            if client.ending == .sayEndAndFinish { client.tls.peer.finish() }
        case .reset: client.tls.peer.reset()
        case .serverCloses, .serverAborts: break
        }
    }

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
            for client in clients {
                client.tls.peer.resumeReading()
                client.tls.take()
            }
            try network.settle(&server)
        }
        for (index, id) in server.order.enumerated() {
            let aborts = index < clients.count && clients[index].ending == .serverAborts
            if aborts { server.loop.abort(id) } else { server.loop.close(id) }
        }
        network.faults = .none
        for _ in 0..<3 {
            try network.settle(&server)
            for client in clients { client.tls.take() }
        }
        for client in clients where !client.tls.peer.sawReset { client.tls.peer.finish() }
        network.advance(seconds: 30)
        try network.settle(&server)
        for client in clients { client.tls.take() }
    }

    private func check(_ server: borrowing EchoServer) throws {
        if let mistake = server.mistakes.first { throw SimulationFailure(description: mistake) }
        try require(network.openConnections == 0, "\(network.openConnections) descriptors are still open")
        try require(server.loop.connectionCount == 0, "\(server.loop.connectionCount) places are still taken")
        try require(server.loop.counters.tlsFailures <= failuresThatMayBe, "TLS failed")
        let allAgreed = server.loop.counters.tlsHandshakes == clients.count
        for (id, connection) in server.connections {
            try require(connection.isClosed, "\(id) was not said to be closed")
            try require(matches(connection), "\(id) received what nobody sent, or not all of it")
        }
        for client in clients {
            try require(client.tls.failure == nil, "a client failed: \(client.tls.failure ?? "")")
            try require(client.sent.starts(with: client.tls.received), "a client heard what was not echoed")
            // Who was closed in peace has heard so, behind everything else.
            if client.tls.peer.sawEnd, !client.tls.peer.sawReset, client.ending != .reset, allAgreed {
                try require(client.tls.sawCloseNotify, "FIN came without close_notify")
            }
        }
    }

    /// Clients that leave in the middle of their handshake.
    private var failuresThatMayBe: Int { clients.count { !$0.tls.isEstablished } }

    private func matches(_ connection: EchoServer.Connection) -> Bool {
        clients.contains { client in
            connection.sawEnd && !client.tls.peer.sawReset && client.unsent.isEmpty
                ? client.sent == connection.received : client.sent.starts(with: connection.received)
        }
    }

    private func require(_ isTrue: Bool, _ what: String) throws {
        if !isTrue { throw SimulationFailure(description: what) }
    }
}
