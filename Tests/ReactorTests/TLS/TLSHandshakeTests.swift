import COpenSSL
import Reactor
import Simulation
import Testing

/// What is agreed on, and with whom.
@Suite struct TLSHandshakeTests {
    let files = TestCertificates.shared

    private func context(_ change: (inout TLSServerConfiguration) -> Void = { _ in }) throws -> TLSContext {
        var configuration = TLSServerConfiguration(certificates: [files.server, files.other])
        change(&configuration)
        return try .server(configuration)
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
}
