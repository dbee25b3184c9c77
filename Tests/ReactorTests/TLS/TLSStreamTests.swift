import COpenSSL
import Reactor
import Simulation
import Testing

/// Bytes once TLS is agreed on, and the ways in which that ends.
@Suite struct TLSStreamTests {
    private let context: TLSContext

    init() throws {
        context = try .server(TLSServerConfiguration(certificates: [TestCertificates.shared.server]))
    }

    private func noise(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
        var random = SeededRandom(seed: seed)
        return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }

    /// A server and a client that have agreed on TLS.
    private func pair(
        readBuffer: Int = 64 * 1024,
        version: Int32 = TLS1_3_VERSION,
        _ body: (SimulatedNetwork, inout EchoServer, TLSPeer) throws -> Void
    ) throws {
        let network = SimulatedNetwork(seed: 7)
        var server = EchoServer(network, readBuffer: readBuffer, security: context)
        let client = TLSPeer(network.connect(), .init(version: version...version))
        try network.settle(&server, client)
        try #require(client.isEstablished)
        try body(network, &server, client)
    }

    @Test(arguments: [1, 2, 17, 1000, 5000, 17_000, 36_000, 40_000, 65_536, 262_144])
    func whateverTheBufferHoldsAllOfItIsReadAtOnce(readBuffer: Int) throws {
        try pair(readBuffer: readBuffer) { network, server, client in
            let bytes = noise(readBuffer < 100 ? 3000 : 300_000)
            client.write(bytes)
            client.flush()
            // And then silence: what waits inside OpenSSL must not wait for the next byte.
            try network.settle(&server)
            #expect(server.received(0) == bytes)
            try network.settle(&server, client)
            #expect(client.received == bytes)
        }
    }

    @Test func halfARecordWaitsForTheRest() throws {
        try pair { network, server, client in
            client.write("a log")
            let record = client.ciphertext()
            for byte in record.dropLast() {
                client.peer.write([byte])
                try network.settle(&server)
            }
            #expect(server.received(0).isEmpty)
            client.peer.write(record.suffix(1))
            try network.settle(&server)
            #expect(server.received(0) == Array("a log".utf8))
        }
    }

    @Test func whatIsInsideIsThereAfterAPause() throws {
        try pair(readBuffer: 10) { network, server, client in
            client.write(noise(1000))
            client.flush()
            while server.received(0).isEmpty { server.step() }
            server.loop.pauseReading(server.order[0])
            try network.settle(&server)
            #expect(server.received(0).count == 10)
            server.loop.resumeReading(server.order[0])
            try network.settle(&server)
            #expect(server.received(0) == noise(1000))
        }
    }

    @Test func anEndWithoutCloseNotifyIsAnEnd() throws {
        try pair { network, server, client in
            client.write("last words")
            client.flush()
            client.peer.finish()
            try network.settle(&server, client)
            #expect(server.received(0) == Array("last words".utf8))
            #expect(server.connections[server.order[0]]?.sawEnd == true)
            #expect(server.cause(0) == .finished)
            #expect(client.sawCloseNotify)
            #expect(server.loop.counters.tlsFailures == 0)
        }
    }

    @Test func closeNotifyIsAnEndToo() throws {
        try pair { network, server, client in
            client.write("last words")
            client.sayEnd()
            try network.settle(&server, client)
            #expect(server.received(0) == Array("last words".utf8))
            #expect(server.connections[server.order[0]]?.sawEnd == true)
            #expect(client.received == Array("last words".utf8))
            #expect(client.sawCloseNotify)
            #expect(client.peer.sawEnd)
            client.peer.close()
            try network.settle(&server)
            #expect(server.cause(0) == .finished)
        }
    }

    @Test func afterThePeersEndItIsStillWrittenTo() throws {
        try pair { network, server, client in
            server.closesAtEnd = false
            client.sayEnd()
            try network.settle(&server, client)
            client.peer.finish()
            try network.settle(&server, client)
            #expect(network.openConnections == 1)
            server.send(server.order[0], Array("late reply".utf8))
            server.loop.close(server.order[0])
            try network.settle(&server, client)
            #expect(client.received == Array("late reply".utf8))
            #expect(server.cause(0) == .finished)
        }
    }

    @Test func theLastBytesThenCloseNotifyThenFIN() throws {
        try pair { network, server, client in
            network.faults.sendBuffer = 100
            server.send(server.order[0], noise(50_000))
            server.loop.close(server.order[0])
            server.send(server.order[0], noise(10))
            try network.settle(&server, client)
            #expect(client.received == noise(50_000))
            #expect(client.sawCloseNotify)
            #expect(client.peer.sawEnd)
            #expect(server.connections[server.order[0]]?.isClosed == false)
            client.peer.close()
            try network.settle(&server)
            #expect(server.cause(0) == .finished)
        }
    }

    @Test func closingDoesNotWaitForTheAnswer() throws {
        try pair { network, server, client in
            server.loop.close(server.order[0])
            client.peer.finish()
            try network.settle(&server)
            #expect(server.cause(0) == .finished)
        }
    }

    @Test func aResetInMidRecordLosesOnlyThatRecord() throws {
        try pair { network, server, client in
            client.write("whole")
            let whole = client.ciphertext()
            client.write("cut")
            client.peer.write(whole + client.ciphertext().dropLast(3))
            client.peer.reset()
            try network.settle(&server)
            #expect(server.received(0) == Array("whole".utf8))
            #expect(server.cause(0) == .reset)
        }
    }

    @Test func anEndInMidRecordLosesOnlyThatRecord() throws {
        try pair { network, server, client in
            client.write("whole")
            let whole = client.ciphertext()
            client.write("cut")
            client.peer.write(whole + client.ciphertext().dropLast(3))
            client.peer.finish()
            try network.settle(&server, client)
            #expect(server.received(0) == Array("whole".utf8))
            #expect(server.cause(0) == .finished)
        }
    }

    @Test func aChangedRecordEndsTheConnection() throws {
        try pair { network, server, client in
            client.write("good")
            let good = client.ciphertext()
            client.write("bad")
            var bad = client.ciphertext()
            bad[10] ^= 1
            client.peer.write(good + bad)
            try network.settle(&server, client)
            #expect(server.received(0) == Array("good".utf8))
            #expect(client.failure?.contains("bad record mac") == true)
            #expect(!client.sawCloseNotify)
            client.peer.close()
            try network.settle(&server)
            #expect(server.cause(0) == .tlsFailed)
            #expect(server.loop.counters.tlsFailures == 1)
        }
    }

    @Test func aFullSocketInMidRecordIsWaitedFor() throws {
        try pair { network, server, client in
            network.faults.sendBuffer = 100
            client.peer.stopReading(window: 10)
            client.write(noise(100_000))
            client.flush()
            try network.settle(&server)
            #expect(server.loop.pendingOutput(server.order[0]) > 90_000)
            client.peer.resumeReading()
            try network.settle(&server, client)
            #expect(client.received == noise(100_000))
        }
    }

    @Test func smallRepliesOfATickShareARecord() throws {
        try pair { network, server, client in
            for _ in 0..<100 { server.send(server.order[0], Array("pong".utf8)) }
            #expect(server.loop.pendingOutput(server.order[0]) == 400)
            try network.settle(&server)
            #expect(client.peer.received.count < 500)
            try network.settle(&server, client)
            #expect(client.received.count == 400)
        }
    }

    @Test func renegotiationIsRefusedAndNobodyElseNotices() throws {
        try pair(version: TLS1_2_VERSION) { network, server, client in
            client.write("before")
            try network.settle(&server, client)
            SSL_renegotiate(client.ssl)
            SSL_do_handshake(client.ssl)
            client.flush()
            try network.settle(&server, client)
            #expect(server.loop.counters.tlsHandshakes == 1)
            #expect(client.failure?.contains("no renegotiation") == true)
            client.peer.close()
            try network.settle(&server)
            #expect(server.received(0) == Array("before".utf8))
            #expect(network.openConnections == 0)
        }
    }

    @Test func keysMayChange() throws {
        try pair { network, server, client in
            for round in 0..<20 {
                SSL_key_update(client.ssl, round % 2 == 0 ? SSL_KEY_UPDATE_REQUESTED : SSL_KEY_UPDATE_NOT_REQUESTED)
                client.write("log \(round);")
                try network.settle(&server, client)
            }
            #expect(String(decoding: client.received, as: UTF8.self).hasSuffix("log 19;"))
            #expect(client.received == server.received(0))
        }
    }

    @Test(arguments: [SSL_KEY_UPDATE_REQUESTED, SSL_KEY_UPDATE_NOT_REQUESTED])
    func aFloodOfKeysEndsTheConnection(kind: Int32) throws {
        try pair { network, server, client in
            client.write("a log")
            for _ in 0..<200 {
                SSL_key_update(client.ssl, kind)
                SSL_do_handshake(client.ssl)
            }
            client.flush()
            try network.settle(&server)
            #expect(server.received(0) == Array("a log".utf8))
            #expect(server.loop.counters.tlsFailures == 1)
            client.peer.close()
            try network.settle(&server)
            #expect(server.fault(0) == .flood)
        }
    }

    @Test func aFailureWithRepliesQueuedIsOverAtOnce() throws {
        try pair { network, server, client in
            for _ in 0..<200 {
                SSL_key_update(client.ssl, SSL_KEY_UPDATE_NOT_REQUESTED)
                SSL_do_handshake(client.ssl)
            }
            client.flush()
            // Plaintext that is never encrypted: nothing is sent, and so nothing is ever reported as sent.
            server.send(server.order[0], noise(100))
            try network.settle(&server)
            #expect(server.loop.counters.tlsFailures == 1)
            #expect(client.peer.sawEnd)
            client.peer.close()
            try network.settle(&server)
            #expect(server.cause(0) == .tlsFailed)
        }
    }

    @Test func whoAsksForKeysAndNeverReadsIsBounded() throws {
        try pair { network, server, client in
            network.faults.sendBuffer = 1
            client.peer.stopReading()
            var rounds = 0
            while server.loop.counters.tlsFailures == 0, rounds < 100 {
                rounds += 1
                for _ in 0..<20 {
                    SSL_key_update(client.ssl, SSL_KEY_UPDATE_REQUESTED)
                    SSL_do_handshake(client.ssl)
                }
                client.flush()
                try network.settle(&server)
            }
            #expect(rounds < 20)
        }
    }

    @Test func noiseAfterCloseNotifyIsThrownAway() throws {
        try pair { network, server, client in
            server.closesAtEnd = false
            client.sayEnd()
            client.peer.write(noise(100_000))
            try network.settle(&server)
            #expect(server.received(0).isEmpty)
            #expect(server.count { $0 == .readable(server.order[0]) } <= 2)
            client.peer.finish()
            try network.settle(&server)
            server.loop.close(server.order[0])
            try network.settle(&server)
            #expect(network.openConnections == 0)
        }
    }

    @Test func aLoopThatGoesAwayLeavesNothing() throws {
        let network = SimulatedNetwork(seed: 1)
        do {
            var server = EchoServer(network, security: context)
            let clients = (0..<5).map { _ in TLSPeer(network.connect()) }
            try network.settle(&server, with: clients)
            let late = TLSPeer(network.connect())
            late.pump()
            for id in server.order { server.send(id, noise(10_000)) }
            for _ in 0..<4 { server.step() }
        }
        #expect(network.openConnections == 0)
    }
}
