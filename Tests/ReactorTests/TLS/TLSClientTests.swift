import COpenSSL
import Reactor
import Simulation
import Testing

/// Outgoing connections.
@Suite struct TLSClientTests {
    private let files = TestCertificates.shared

    private func client(_ change: (inout TLSClientConfiguration) -> Void = { _ in }) throws -> TLSContext {
        var configuration = TLSClientConfiguration()
        configuration.certificateAuthorities = [files.authority]
        change(&configuration)
        return try .client(configuration)
    }

    private func connect(
        to name: String?,
        _ context: TLSContext,
        _ settings: TLSPeer.Settings,
        _ body: (SimulatedNetwork, inout EchoServer, ConnectionID, TLSPeer) throws -> Void
    ) throws {
        let network = SimulatedNetwork(seed: 9)
        var owner = EchoServer(network)
        owner.echoes = false
        let address = try SocketAddress.resolve(host: "127.0.0.1", port: 443, numericOnly: true)[0]
        let id = try owner.loop.connect(to: address, security: context, serverName: name)
        var settings = settings
        settings.serves = true
        let server = TLSPeer(network.outgoing[0], settings)
        try network.settle(&owner, server)
        try body(network, &owner, id, server)
    }

    @Test(arguments: ["server.test", "a.wild.test", "localhost", nil])
    func theNamedServerIsTalkedTo(name: String?) throws {
        try connect(to: name, try client(), .init(certificate: files.server)) { network, owner, id, server in
            #expect(owner.events.contains(.connected(id)))
            #expect(server.isEstablished)
            // Without a name the address is meant, and a number is not asked for.
            let asked = SSL_get_servername(server.ssl, TLSEXT_NAMETYPE_host_name).map { String(cString: $0) }
            #expect(asked == name)
            owner.send(id, Array("a log".utf8))
            server.write("a reply")
            try network.settle(&owner, server)
            #expect(server.received == Array("a log".utf8))
            #expect(owner.received(0) == Array("a reply".utf8))
            owner.loop.close(id)
            try network.settle(&owner, server)
            #expect(server.sawCloseNotify)
            #expect(owner.loop.counters.tlsHandshakes == 1)
        }
    }

    @Test func theDotAtTheEndOfANameIsNotAskedFor() throws {
        try connect(to: "server.test.", try client(), .init(certificate: files.server)) { _, owner, id, server in
            #expect(owner.events.contains(.connected(id)))
            #expect(String(cString: SSL_get_servername(server.ssl, TLSEXT_NAMETYPE_host_name)) == "server.test")
        }
    }

    @Test(arguments: ["", ".", "server.test\0", String(repeating: "a", count: 300)])
    func whatIsNoNameIsTalkedToByNobody(name: String) throws {
        for verifies in [true, false] {
            let context = try client { $0.verifies = verifies }
            try connect(to: name, context, .init(certificate: files.server)) { network, owner, id, server in
                #expect(!server.isEstablished)
                server.peer.close()
                try network.settle(&owner, server)
                #expect(owner.causes[id] == .tlsFailed)
            }
        }
    }

    @Test(arguments: ["other.test", "wild.test", "a.b.wild.test", "127.0.0.2"])
    func anotherServerIsRefused(name: String) throws {
        try connect(to: name, try client(), .init(certificate: files.server)) { network, owner, id, server in
            #expect(!owner.events.contains(.connected(id)))
            server.peer.close()
            try network.settle(&owner, server)
            #expect(owner.causes[id] == .tlsFailed)
            #expect(owner.faults[id]?.description.contains("mismatch") == true)
        }
    }

    @Test func anUnknownAuthorityIsRefused() throws {
        try connect(to: "stranger", try client(), .init(certificate: files.stranger)) { network, owner, id, server in
            server.peer.close()
            try network.settle(&owner, server)
            #expect(owner.causes[id] == .tlsFailed)
            #expect(owner.faults[id]?.description == "unable to get local issuer certificate")
            #expect(server.received.isEmpty)
        }
    }

    @Test func whoVerifiesNothingTalksToAnybody() throws {
        try connect(to: "x", try client { $0.verifies = false }, .init(certificate: files.stranger)) {
            _,
            owner,
            id,
            _ in
            #expect(owner.events.contains(.connected(id)))
        }
    }

    @Test func aCertificateIsShownToWhoAsks() throws {
        let settings = TLSPeer.Settings(certificate: files.server, authority: files.authority)
        try connect(to: "server.test", try client { $0.certificate = files.client }, settings) { _, owner, id, server in
            #expect(owner.events.contains(.connected(id)))
            #expect(server.isEstablished)
            #expect(server.certificateName == "agent-7")
        }
    }

    @Test func noiseIsNoServer() throws {
        let network = SimulatedNetwork(seed: 9)
        var owner = EchoServer(network)
        let address = try SocketAddress.resolve(host: "127.0.0.1", port: 443, numericOnly: true)[0]
        let id = try owner.loop.connect(to: address, security: try client(), serverName: "server.test")
        try network.settle(&owner)
        network.outgoing[0].write("HTTP/1.1 400 Bad Request\r\n\r\n")
        network.outgoing[0].finish()
        try network.settle(&owner)
        #expect(owner.causes[id] == .tlsFailed)
        #expect(!owner.events.contains(.connected(id)))
    }

    @Test func aServerThatLeavesIsAFailure() throws {
        let network = SimulatedNetwork(seed: 9)
        var owner = EchoServer(network)
        let address = try SocketAddress.resolve(host: "127.0.0.1", port: 443, numericOnly: true)[0]
        let id = try owner.loop.connect(to: address, security: try client(), serverName: "server.test")
        try network.settle(&owner)
        network.outgoing[0].finish()
        try network.settle(&owner)
        #expect(owner.causes[id] == .tlsFailed)
        #expect(owner.faults[id] == .peerLeft)
    }

    @Test func aConnectionToNobodyFailsAsWithoutTLS() throws {
        let network = SimulatedNetwork(seed: 9)
        network.refusesConnections = true
        var owner = EchoServer(network)
        let address = try SocketAddress.resolve(host: "127.0.0.1", port: 443, numericOnly: true)[0]
        let id = try owner.loop.connect(to: address, security: try client(), serverName: "server.test")
        try network.settle(&owner)
        #expect(owner.causes[id] == .connectFailed(.connectionRefused))
    }

    @Test func ticketsOfTheServerAreTaken() throws {
        try connect(to: "server.test", try client(), .init(certificate: files.server)) { network, owner, id, server in
            server.write("after two tickets")
            try network.settle(&owner, server)
            #expect(owner.received(0) == Array("after two tickets".utf8))
        }
    }
}
