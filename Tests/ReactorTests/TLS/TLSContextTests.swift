import Glibc
import Testing

@testable import Reactor

/// What is wrong with files is said of the file.
@Suite struct TLSContextTests {
    private let files = TestCertificates.shared

    private func fault(_ certificate: TLSServerConfiguration.Certificate) -> TLSError? {
        fault(TLSServerConfiguration(certificates: [certificate]))
    }

    private func fault(_ configuration: TLSServerConfiguration) -> TLSError? {
        do throws(TLSError) {
            _ = try TLSContext.server(configuration)
            return nil
        } catch {
            return error
        }
    }

    @Test func aGoodPairHasNoFault() throws {
        let context = try TLSContext.server(TLSServerConfiguration(certificates: [files.server]))
        #expect(context.warnings.isEmpty)
        let days = (context.notAfter - Int64(time(nil))) / 86_400
        #expect((28...30).contains(days))
    }

    @Test func withoutACertificateThereIsNoTLS() {
        #expect(fault(TLSServerConfiguration(certificates: []))?.description == "TLS needs a certificate")
    }

    @Test func aMissingFileIsNamed() {
        var pair = files.server
        pair.certificate = "/nowhere/server.pem"
        #expect(
            fault(pair)?.description == "certificate /nowhere/server.pem: cannot be read: No such file or directory"
        )
        #expect(fault(pair)?.file == "/nowhere/server.pem")
        pair = files.server
        pair.key = "/nowhere/server.key"
        #expect(fault(pair)?.description == "key /nowhere/server.key: cannot be read: No such file or directory")
        pair.key = files.folder
        #expect(fault(pair)?.description == "key \(files.folder): cannot be read: Is a directory")
    }

    @Test func whatIsNoPEMIsNamed() {
        var pair = files.server
        pair.certificate = files.write("noise.pem", "no certificate\n")
        #expect(
            fault(pair)?.description
                == "certificate \(pair.certificate): holds no certificate in PEM form: no start line"
        )
        pair.certificate = files.write("empty.pem", "")
        #expect(
            fault(pair)?.description == "certificate \(pair.certificate): holds no certificate in PEM form: it is empty"
        )
        pair.certificate = files.write(
            "broken.pem",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
        )
        #expect(fault(pair)?.file == pair.certificate)
        pair = files.server
        pair.key = files.server.certificate
        #expect(fault(pair)?.description.hasPrefix("key \(pair.key): holds no private key in PEM form") == true)
    }

    @Test func aBrokenCertificateBehindAGoodOneIsAFault() {
        let good = files.text(files.server.certificate)
        var pair = files.server
        pair.certificate = files.write(
            "half.pem",
            good + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
        )
        #expect(fault(pair)?.file == pair.certificate)
    }

    @Test func certificateAndKeyMayShareAFile() {
        let file = files.write("both.pem", files.text(files.server.key) + files.text(files.server.certificate))
        #expect(fault(.init(certificate: file, key: file)) == nil)
    }

    @Test func theKeyOfAnotherIsNamed() {
        var pair = files.server
        pair.key = files.other.key
        #expect(fault(pair)?.description == "key \(pair.key): is not the key of the certificate \(pair.certificate)")
        pair.key = files.chained.key
        #expect(fault(pair)?.description == "key \(pair.key): is not the key of the certificate \(pair.certificate)")
    }

    @Test func anEncryptedKeyNeedsItsPassphrase() {
        var pair = files.server
        pair.key = files.encryptedKey
        #expect(fault(pair)?.description == "key \(pair.key): is encrypted, and no passphrase is given")
        pair.passphrase = "wrong"
        #expect(fault(pair)?.description == "key \(pair.key): the passphrase does not open it")
        pair.passphrase = String(repeating: "long", count: 1000)
        #expect(fault(pair)?.fault == .wrongPassphrase)
        pair.passphrase = files.passphrase
        #expect(fault(pair) == nil)
        pair = files.server
        pair.passphrase = "not needed"
        #expect(fault(pair) == nil)
    }

    @Test func noErrorHoldsAPassphrase() {
        var pair = files.server
        pair.key = files.encryptedKey
        pair.passphrase = "very secret"
        #expect(fault(pair)?.description.contains("secret") == false)
    }

    @Test func authoritiesMustBeThere() {
        var configuration = TLSServerConfiguration(certificates: [files.server])
        configuration.clientAuthentication = .required
        #expect(fault(configuration)?.description.hasPrefix("without certificate authorities") == true)
        configuration.certificateAuthorities = [files.write("none.pem", "")]
        #expect(
            fault(configuration)?.description.hasSuffix("none.pem: holds no certificate in PEM form: it is empty")
                == true
        )
        #expect(fault(configuration)?.description.hasPrefix("certificate authorities ") == true)
        configuration.certificateAuthorities = [files.authority, files.authority]
        #expect(fault(configuration) == nil)
    }

    @Test func versionsMustMeet() {
        var configuration = TLSServerConfiguration(certificates: [files.server])
        configuration.minimumVersion = .tls13
        configuration.maximumVersion = .tls12
        #expect(fault(configuration) != nil)
    }

    @Test func aCertificateOutOfItsTimeIsAWarning() throws {
        let configuration = TLSServerConfiguration(certificates: [files.server])
        let good = try TLSContext.server(configuration)
        let expired = try TLSContext.server(configuration, now: good.notAfter)
        #expect(expired.warnings.count == 1)
        #expect(expired.warnings[0].hasPrefix("certificate \(files.server.certificate): expired on 20"))
        let early = try TLSContext.server(configuration, now: good.notAfter - 60 * 86_400)
        #expect(early.warnings[0].contains("is not valid before 20"))
        let soon = try TLSContext.server(configuration, now: good.notAfter - 86_400)
        #expect(soon.warnings[0].contains("expires on 20"))
    }

    @Test func anErrorLeavesNothingForTheNextOne() throws {
        var pair = files.server
        pair.key = files.other.key
        #expect(fault(pair) != nil)
        #expect(OpenSSLErrors.last == 0 || fault(files.server) == nil)
    }

    @Test func aClientNeedsNoFiles() throws {
        let context = try TLSContext.client(TLSClientConfiguration())
        #expect(context.notAfter == .max)
        var configuration = TLSClientConfiguration()
        configuration.certificateAuthorities = ["/nowhere/authority.pem"]
        #expect(throws: TLSError.self) { try TLSContext.client(configuration) }
    }
}

@Suite struct ServerNamesTests {
    @Test func anExactNameCountsBeforeAWildcard() {
        var names = ServerNames()
        names.add("*.example.com", for: 0)
        names.add("a.example.com", for: 1)
        names.add("a.example.com", for: 2)
        #expect(names.index(for: "a.example.com") == 1)
        #expect(names.index(for: "A.Example.COM.") == 1)
        #expect(names.index(for: "b.example.com") == 0)
        #expect(names.index(for: "example.com") == nil)
        #expect(names.index(for: "c.b.example.com") == nil)
        #expect(names.index(for: ".example.com") == nil)
        #expect(names.index(for: "*.example.com") == 0)
        #expect(names.index(for: "") == nil)
        #expect(names.index(for: ".") == nil)
    }
}
