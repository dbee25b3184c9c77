import COpenSSL
import Reactor
import Simulation
import Testing

/// What is agreed on, and with whom.
@Suite struct TLSHandshakeTests {
    let files = TestCertificates.shared

    private func context(_ change: (inout TLSServerConfiguration) -> Void = { _ in }) throws -> TLSContext {
        var configuration = TLSServerConfiguration(certificates: [files.other, files.server, files.chained])
        change(&configuration)
        return try .server(configuration)
    }

    /// A handshake with nothing in its way.
    private func meet(
        _ settings: TLSPeer.Settings = .init(),
        _ change: (inout TLSServerConfiguration) -> Void = { _ in },
        _ body: (inout EchoServer, TLSPeer, SimulatedNetwork) throws -> Void
    ) throws {
        let network = SimulatedNetwork(seed: 1)
        var server = EchoServer(network, security: try context(change))
        let client = TLSPeer(network.connect(), settings)
        try network.settle(&server, client)
        try body(&server, client, network)
    }

    @Test(arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
    func bytesGoBothWays(version: Int32) throws {
        let network = SimulatedNetwork(seed: 1)
        var server = EchoServer(network, security: try context())
        let client = TLSPeer(network.connect(), .init(version: version...version, authority: files.authority))
        try network.settle(&server, client)
        #expect(client.isEstablished)
        #expect(server.loop.counters.tlsHandshakes == 1)
        client.write("hello")
        try network.settle(&server, client)
        #expect(client.received == Array("hello".utf8))
        #expect(server.received(0) == Array("hello".utf8))
    }

    @Test(arguments: [
        ("other.test", "other.test"), ("server.test", "server.test"), ("SERVER.test", "server.test"),
        ("a.wild.test", "server.test"), ("a.b.wild.test", "other.test"), ("wild.test", "other.test"),
        ("unknown.test", "other.test"), ("chained.test", "chained.test"), ("server.test.", "server.test"),
        ("SERVER.TEST.", "server.test"), ("127.0.0.1", "other.test"), ("::1", "other.test"), (".", "other.test"),
        (".wild.test", "other.test"), ("*.wild.test", "server.test"), ("a..wild.test", "other.test"),
        ("\u{FF}", "other.test"), (String(repeating: "a", count: 255), "other.test"),
    ])
    func theCertificateIsTheOneForTheName(asked: String, shown: String) throws {
        try meet(.init(serverName: asked, authority: files.authority)) { _, client, _ in
            #expect(client.isEstablished)
            #expect(client.certificateName == shown)
        }
    }

    @Test func whoNamesNoServerGetsTheFirst() throws {
        try meet { _, client, _ in #expect(client.certificateName == "other.test") }
    }

    @Test func whatLeadsToTheAuthorityIsSentToo() throws {
        try meet(.init(serverName: "chained.test", authority: files.authority)) { _, client, _ in
            #expect(client.isEstablished)
            #expect(client.chainLength == 2)
        }
    }

    @Test(arguments: [(["h2", "http/1.1"], "http/1.1"), (["http/1.1"], "http/1.1"), (["h2"], nil), ([], nil)])
    func theProtocolIsHTTP1WhereItIsOffered(offered: [String], selected: String?) throws {
        try meet(.init(protocols: offered)) { _, client, _ in
            #expect(client.isEstablished)
            #expect(client.selectedProtocol == selected)
        }
    }

    @Test(arguments: [TLS1_VERSION, TLS1_1_VERSION])
    func anOldVersionIsRefused(version: Int32) throws {
        try meet(.init(version: version...version)) { server, client, network in
            #expect(!client.isEstablished)
            #expect(client.failure?.contains("protocol version") == true)
            #expect(server.loop.counters.tlsFailures == 1)
            client.peer.close()
            try network.settle(&server, client)
            #expect(server.cause(0) == .tlsFailed)
            #expect(server.fault(0)?.description == "unsupported protocol")
        }
    }

    @Test(arguments: ["AES128-SHA", "AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA", "DHE-RSA-AES128-GCM-SHA256"])
    func aWeakCipherIsRefused(cipher: String) throws {
        try meet(.init(version: TLS1_2_VERSION...TLS1_2_VERSION, ciphers: cipher)) { server, client, _ in
            #expect(!client.isEstablished)
            #expect(server.loop.counters.tlsFailures == 1)
        }
    }

    @Test func versionsCanBeBounded() throws {
        try meet(.init(), { $0.maximumVersion = .tls12 }) { _, client, _ in #expect(client.version == "TLSv1.2") }
        try meet(.init(version: TLS1_2_VERSION...TLS1_2_VERSION), { $0.minimumVersion = .tls13 }) { _, client, _ in
            #expect(!client.isEstablished)
        }
    }

    enum Shown: CaseIterable {
        case nothing
        case good
        case strange
    }

    @Test(arguments: [TLSServerConfiguration.ClientAuthentication.none, .optional, .required], Shown.allCases)
    func aClientsCertificateIsGoodWhereItIsAskedFor(
        rule: TLSServerConfiguration.ClientAuthentication,
        shown: Shown
    ) throws {
        let certificate: TLSServerConfiguration.Certificate? =
            switch shown {
            case .nothing: nil
            case .good: files.client
            case .strange: files.stranger
            }
        let authority = files.authority
        try meet(
            .init(certificate: certificate),
            {
                $0.clientAuthentication = rule
                $0.certificateAuthorities = [authority]
            }
        ) { server, client, network in
            let isWelcome = rule == .none || shown == .good || (shown == .nothing && rule == .optional)
            #expect(server.loop.counters.tlsHandshakes == (isWelcome ? 1 : 0))
            #expect(server.loop.counters.tlsFailures == (isWelcome ? 0 : 1))
            let facts = server.loop.tlsFacts(server.order[0])
            #expect(facts?.clientSubject == (rule != .none && shown == .good ? "agent-7" : nil))
            guard !isWelcome else { return }
            client.peer.close()
            try network.settle(&server, client)
            #expect(server.cause(0) == .tlsFailed)
            let reason = server.fault(0)?.description
            #expect(
                reason
                    == (shown == .nothing
                        ? "peer did not return a certificate" : "unable to get local issuer certificate")
            )
        }
    }

    @Test func whatTheHandshakeFoundOutCanBeAsked() throws {
        try meet(.init(serverName: "server.test")) { server, _, _ in
            let facts = server.loop.tlsFacts(server.order[0])
            #expect(facts?.serverName == "server.test")
            #expect(facts?.version == "TLSv1.3")
            #expect(facts?.cipher.hasPrefix("TLS_") == true)
            #expect(facts?.clientSubject == nil)
        }
    }

    @Test func nobodyGetsATicketUnlessAskedFor() throws {
        for (tickets, version) in [(0, TLS1_2_VERSION), (0, TLS1_3_VERSION), (2, TLS1_2_VERSION), (2, TLS1_3_VERSION)] {
            try meet(.init(version: version...version), { $0.sessionTickets = tickets }) { server, client, network in
                client.write("x")
                try network.settle(&server, client)
                #expect(SSL_SESSION_has_ticket(SSL_get_session(client.ssl)) == (tickets > 0 ? 1 : 0))
            }
        }
    }

    @Test func anotherContextIsForLaterConnections() throws {
        let network = SimulatedNetwork(seed: 1)
        var server = EchoServer(network, security: try context())
        let old = TLSPeer(network.connect())
        try network.settle(&server, old)
        server.loop.setSecurity(try .server(TLSServerConfiguration(certificates: [files.server])), listener: 0)
        let new = TLSPeer(network.connect())
        old.write("still here")
        try network.settle(&server, old, new)
        #expect(old.certificateName == "other.test")
        #expect(old.received == Array("still here".utf8))
        #expect(new.certificateName == "server.test")
    }

    @Test func noiseIsNoTLS() throws {
        let network = SimulatedNetwork(seed: 1)
        var server = EchoServer(network, security: try context())
        let peer = network.connect()
        peer.write([0x82, 0x85, 0, 0, 0, 0] + Array("noise".utf8))
        try network.settle(&server)
        peer.close()
        try network.settle(&server)
        #expect(server.received(0).isEmpty)
        #expect(server.cause(0) == .tlsFailed)
        #expect(server.loop.counters.tlsFailures == 1)
        #expect(network.openConnections == 0)
    }

    @Test func aRequestWithoutTLSIsToldSo() throws {
        let network = SimulatedNetwork(seed: 1)
        var server = EchoServer(network, security: try context())
        let peer = network.connect()
        peer.write("GET / HTTP/1.1\r\nHost: server.test\r\n\r\n")
        try network.settle(&server)
        let answer = String(decoding: peer.read(), as: UTF8.self)
        #expect(answer.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
        #expect(peer.sawEnd)
        peer.close()
        try network.settle(&server)
        #expect(server.cause(0) == .tlsFailed)
        #expect(server.fault(0) == .plainHTTP)
    }

    @Test func aFailureIsNobodyElses() throws {
        let network = SimulatedNetwork(seed: 1)
        var server = EchoServer(network, security: try context())
        let good = TLSPeer(network.connect())
        try network.settle(&server, good)
        let logs = (0..<10).map { number in
            good.write("log \(number);")
            return good.ciphertext()
        }
        // From here on nobody but the server calls OpenSSL: what it leaves behind would still be there.
        for log in logs {
            let strangers = ["GET / HTTP/1.1\r\n\r\n", "noise that is no TLS"].map { text in
                let peer = network.connect()
                peer.write(text)
                return peer
            }
            try network.settle(&server)
            good.peer.write(log)
            try network.settle(&server)
            for stranger in strangers { stranger.close() }
        }
        #expect(String(decoding: server.received(0), as: UTF8.self).hasSuffix("log 9;"))
        #expect(server.loop.counters.tlsFailures == 20)
        #expect(server.causes[server.order[0]] == nil)
    }

    @Test func aPeerThatIsGoneIsNotComputedFor() throws {
        let network = SimulatedNetwork(seed: 1)
        var server = EchoServer(network, security: try context())
        let finished = TLSPeer(network.connect())
        let reset = TLSPeer(network.connect())
        try network.settle(&server)
        // Else the first bytes would be read before the rest is there.
        for id in server.order { server.loop.pauseReading(id) }
        finished.pump()
        finished.peer.finish()
        reset.pump()
        reset.peer.reset()
        try network.settle(&server)
        for id in server.order { server.loop.resumeReading(id) }
        try network.settle(&server)
        #expect(finished.peer.received.count == 0)
        #expect(reset.peer.received.count == 0)
        #expect(server.loop.connectionCount == 0)
        #expect(server.causes.values.contains(.tlsFailed))
        #expect(server.causes.values.contains(.reset))
    }

    @Test func whoSaysNothingAndLeavesIsNoFailure() throws {
        let network = SimulatedNetwork(seed: 1)
        var server = EchoServer(network, security: try context())
        let peer = network.connect()
        try network.settle(&server)
        peer.close()
        try network.settle(&server)
        #expect(server.cause(0) == .peerClosed)
        #expect(server.loop.counters.tlsFailures == 0)
    }

    @Test func closingDuringTheHandshakeSaysNothing() throws {
        let network = SimulatedNetwork(seed: 1)
        var server = EchoServer(network, security: try context())
        let client = TLSPeer(network.connect())
        let hello = client.ciphertextOfHandshake()
        client.peer.write(hello.prefix(50))
        try network.settle(&server)
        server.loop.close(server.order[0])
        try network.settle(&server)
        #expect(client.peer.received.isEmpty)
        #expect(client.peer.sawEnd)
        client.peer.close()
        try network.settle(&server)
        #expect(server.cause(0) == .finished)
    }

    @Test func aHandshakeByteByByteSucceeds() throws {
        let network = SimulatedNetwork(seed: 1)
        network.faults.receiveWindow = 1
        network.faults.sendBuffer = 1
        var server = EchoServer(network, security: try context())
        let client = TLSPeer(network.connect(), .init(serverName: "server.test", authority: files.authority))
        try client.write("before", afterHandshakeWith: &server, network)
        #expect(client.received == Array("before".utf8))
        #expect(client.certificateName == "server.test")
    }

    @Test func whatComesWithTheHandshakesEndIsRead() throws {
        let network = SimulatedNetwork(seed: 1)
        var server = EchoServer(network, security: try context())
        let client = TLSPeer(network.connect())
        client.pump()
        try network.settle(&server)
        // Finished, a log, close_notify and FIN in one: the way of an agent in a hurry.
        client.receiveFlight()
        client.write("the only log")
        SSL_shutdown(client.ssl)
        client.flush()
        client.peer.finish()
        try network.settle(&server)
        #expect(server.received(0) == Array("the only log".utf8))
        #expect(server.connections[server.order[0]]?.sawEnd == true)
        #expect(server.cause(0) == .finished)
    }
}
