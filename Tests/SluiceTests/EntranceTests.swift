import Foundation
import Reactor
import Settings
import Testing

@testable import sluice

@Suite struct EntranceTests {
    private let certificates: Certificates

    init() throws {
        certificates = Certificates(folder: try Folder())
        try certificates.make("one")
        try certificates.make("two")
        try certificates.make("locked", passphrase: "geheim")
        _ = try certificates.folder.file("nothing.pem", "nothing\n")
    }

    /// `@one.pem` in the settings is that file.
    private func whole(_ yaml: String) -> String { yaml.replacing("@", with: "\(certificates.folder.path)/") }

    private func faults(_ yaml: String) throws -> [ConfigurationFault] {
        let settings = try settings(whole(yaml))
        do throws(ConfigurationFaults) {
            _ = try Entrance(settings)
            return []
        } catch {
            return error.faults
        }
    }

    private static let good = "certificate: '@one.pem', key: '@one.key'"

    /// What stands under `ssl`, the key at fault and the file it names.
    @Test(arguments: [
        ("certificate: '@none.pem', key: '@one.key'", "certificate", "@none.pem"),
        ("certificate: '@one.pem', key: '@none.key'", "key", "@none.key"),
        ("certificate: '@one.pem', key: '@two.key'", "key", "@two.key"),
        ("certificate: '@nothing.pem', key: '@one.key'", "certificate", "@nothing.pem"),
        ("certificate: '@one.pem', key: '@nothing.pem'", "key", "@nothing.pem"),
        ("certificate: '@locked.pem', key: '@locked.key'", "key_passphrase", "@locked.key"),
        ("certificate: '@locked.pem', key: '@locked.key', key_passphrase: falsch", "key_passphrase", "@locked.key"),
        ("\(good), certificate_authorities: ['@two.pem', '@nothing.pem']", "certificate_authorities", "@nothing.pem"),
        ("\(good), certificates: [{certificate: '@two.pem', key: '@one.key'}]", "certificates[0].key", "@one.key"),
        (
            "\(good), certificates: [{certificate: '@two.pem', key: '@two.key'}, {certificate: '@no', key: '@two.key'}]",
            "certificates[1].certificate", "@no"
        ),
    ])
    func aFaultNamesItsSettingAndItsFile(ssl: String, key: String, file: String) throws {
        let faults = try faults("listeners: [{address: '127.0.0.1:0', ssl: {\(ssl)}}]")
        #expect(faults.map(\.setting) == ["listeners[0].ssl.\(key)"])
        #expect(faults.first?.detail.contains(whole(file)) == true)
        #expect(faults.first?.detail.contains("falsch") == false)
    }

    @Test(arguments: [
        good, "certificate: '@locked.pem', key: '@locked.key', key_passphrase: geheim",
        "\(good), certificates: [{certificate: '@two.pem', key: '@two.key'}], certificate_authorities: ['@two.pem']",
        "\(good), supported_protocols: [TLSv1.3], session_tickets: 2",
    ])
    func whatIsRightCanBeMade(ssl: String) throws {
        let yaml = "listeners: [{address: '127.0.0.1:0', ssl: {\(ssl)}}, {address: '127.0.0.1:1'}]"
        let entrance = try Entrance(settings(whole(yaml)))
        #expect(entrance.securities.map { $0 != nil } == [true, false])
    }

    @Test func everythingThatIsWrongIsNamedAtOnce() throws {
        let faults = try faults(
            """
            trusted_proxies: [10.0.0.0/33, 10.0.0.0/8, somewhere]
            listeners:
              - {address: '127.0.0.1:0', ssl: {certificate: '@none.pem', key: '@one.key'}}
              - {address: '127.0.0.1:1', ssl: {certificate: '@one.pem', key: '@two.key'}}
            auth.tokens_file: '@none'
            """
        )
        #expect(
            faults.map(\.setting).sorted() == [
                "auth.tokens_file", "listeners[0].ssl.certificate", "listeners[1].ssl.key", "trusted_proxies",
                "trusted_proxies",
            ]
        )
    }

    @Test func checkingFindsThemToo() throws {
        func check(_ key: String) -> sluice.ExitStatus {
            let listener = "{address: '127.0.0.1:0', ssl: {certificate: '@one.pem', key: '\(key)'}}"
            return CheckCommand(
                arguments: .init(source: .init(config: nil, overrides: [whole("listeners=[\(listener)]")]))
            ).run()
        }
        #expect(check("@one.key") == .success)
        #expect(check("@two.key") == .usage)
    }

    @Test func aFaultIsSaidWithTheLineOfItsSetting() throws {
        let folder = certificates.folder
        let text = """
            listeners:
              - address: '127.0.0.1:0'
                ssl:
                  certificate: '@one.pem'
                  key: '@two.key'
            routes:
              - path: /a
                auth: {tokens_file: '@none'}
            """
        let file = try folder.file("sluice.yml", whole(text))
        let configuration = try #require(Configuration.load(.init(config: file, overrides: ["trusted_proxies=[x]"])))
        let faults = #expect(throws: ConfigurationFaults.self) { try Entrance(configuration.settings) }?.faults ?? []
        let places = faults.map { configuration.describe($0) }.map { $0.prefix { $0 != " " } }
        #expect(places.sorted() == ["-E:", "\(file):5:", "\(file):8:"])
    }

    @Test func everyKeyArrives() throws {
        let settings = try settings(
            """
            listeners:
              - address: '127.0.0.1:0'
                ssl: {certificate: c, key: k, key_passphrase: p, certificates: [{certificate: c2, key: k2}],
                  certificate_authorities: [a], client_authentication: optional, supported_protocols: [TLSv1.2],
                  session_tickets: 3}
            """
        )
        let tls = TLSServerConfiguration(try #require(settings.listeners[0].tls))
        #expect(tls.certificates.map(\.certificate) == ["c", "c2"] && tls.certificates.map(\.key) == ["k", "k2"])
        #expect(tls.certificates.map(\.passphrase) == ["p", nil] && tls.certificateAuthorities == ["a"])
        #expect(tls.clientAuthentication == .optional && tls.sessionTickets == 3)
        #expect(tls.minimumVersion == .tls12 && tls.maximumVersion == .tls12)
    }
}
