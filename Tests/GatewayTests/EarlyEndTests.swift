import Foundation
import Reactor
import Simulation
import Testing

@testable import Gateway

/// Connections that end before a byte of theirs could be read.
@Suite struct EarlyEndTests {
    /// TLS with a certificate made for this.
    private func security() throws -> TLSContext {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sluice-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let key = folder.appending(path: "key.pem").path
        let certificate = folder.appending(path: "certificate.pem").path
        let openssl = Process()
        openssl.executableURL = URL(filePath: "/usr/bin/env")
        openssl.arguments =
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=server.test -keyout \(key) -out \(certificate)"
            .split(separator: " ").map(String.init)
        openssl.standardError = FileHandle.nullDevice
        try openssl.run()
        openssl.waitUntilExit()
        return try .server(TLSServerConfiguration(certificates: [.init(certificate: certificate, key: key)]))
    }

    private func refused(_ reason: RefusalReason, _ rig: GatewayRig) -> UInt64 {
        rig.snapshot.refused[Int(reason.rawValue)]
    }

    @Test func whatIsNoTLSIsCountedAndSaid() throws {
        let lines = Lines()
        let rig = GatewayRig(security: try security(), logger: lines.logger)
        for text in ["GET / HTTP/1.1\r\n\r\n", "noise"] {
            let peer = rig.network.connect(from: IPAddress("192.0.2.7"))
            peer.write(text)
            try rig.run()
            peer.close()
            try rig.run(seconds: 20)
        }
        #expect(refused(.tlsFailed, rig) == 2)
        #expect(lines.all.count == 2)
        #expect(lines.all[0].contains("reason=tls_failed detail=\"an HTTP request without TLS\" peer=192.0.2.7:"))
        #expect(lines.all[1].contains("what came is no TLS"))
        #expect(rig.network.openConnections == 0)
    }

    @Test func whoComesFromNoTrustedProxyIsCountedAndSaid() throws {
        let lines = Lines()
        let rig = GatewayRig(proxies: [IPRange("10.0.0.0/8")!], logger: lines.logger)
        let stranger = rig.network.connect(from: IPAddress("192.0.2.7"))
        stranger.write("PROXY TCP4 203.0.113.9 192.0.2.1 4711 443\r\n")
        try rig.run(seconds: 20)
        let proxy = rig.network.connect(from: IPAddress("10.0.0.1"))
        proxy.write("GET / HTTP/1.1\r\n\r\n")
        try rig.run(seconds: 20)
        #expect(refused(.proxyRefused, rig) == 2)
        #expect(lines.all.count == 2)
        #expect(lines.all[0].contains("reason=proxy_refused detail=\"192.0.2.7 is no trusted proxy\""))
        #expect(lines.all[1].contains("no PROXY header"))
        #expect(rig.network.openConnections == 0)
    }
}
