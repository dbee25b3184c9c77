import Testing

@testable import Settings

struct ListenerTLSTests {
    private func tls(_ keys: String) throws(SettingsErrors) -> ListenerTLS? {
        try load("listeners: [{address: '127.0.0.1:1', ssl: {certificate: c.pem, key: k.pem, \(keys)}}]").listeners[0]
            .tls
    }

    @Test func everyKeyIsRead() throws {
        let settings = try load(
            """
            listeners:
              - address: 0.0.0.0:8443
                proxy_protocol: on
                ssl:
                  certificate: chain.pem
                  key: /etc/key.pem
                  key_passphrase: geheim
                  certificate_authorities: [a.pem, b.pem]
                  client_authentication: optional
                  supported_protocols: [TLSv1.3]
                  certificates:
                    - {certificate: other.pem, key: other.key, key_passphrase: wort}
                    - {certificate: third.pem, key: third.key}
                  session_tickets: 2
              - address: 0.0.0.0:8080
            trusted_proxies: [10.0.0.0/8, "::1"]
            """
        )
        let tls = try #require(settings.listeners[0].tls)
        #expect(
            tls.certificates == [
                .init(certificate: "chain.pem", key: "/etc/key.pem", keyPassphrase: Secret("geheim")),
                .init(certificate: "other.pem", key: "other.key", keyPassphrase: Secret("wort")),
                .init(certificate: "third.pem", key: "third.key", keyPassphrase: nil),
            ]
        )
        #expect(tls.authorities == ["a.pem", "b.pem"] && tls.clientAuthentication == .optional)
        #expect(tls.versions == [.tls13] && tls.sessionTickets == 2)
        #expect(settings.listeners.map(\.isProxied) == [true, false])
        #expect(settings.listeners[1].tls == nil)
        #expect(settings.trustedProxies == ["10.0.0.0/8", "::1"])
    }

    @Test func whatIsNotSaidHasItsDefault() throws {
        let tls = try #require(try tls(""))
        #expect(tls.authorities.isEmpty && tls.clientAuthentication == .none)
        #expect(tls.versions == [.tls12, .tls13] && tls.sessionTickets == 0)
    }

    /// As in beats.
    @Test func whoNamesAuthoritiesWantsCertificates() throws {
        #expect(try tls("certificate_authorities: ca.pem")?.clientAuthentication == .required)
        #expect(
            try tls("certificate_authorities: ca.pem, client_authentication: optional")?.clientAuthentication
                == .optional
        )
        let yaml = """
            listeners:
              - address: '127.0.0.1:1'
                ssl: {certificate: c, key: k, certificate_authorities: [ca.pem], client_authentication: none}
            """
        #expect(
            try warnings(yaml) == [
                "a.yml:3: listeners[0].ssl.certificate_authorities: has no effect with client_authentication: none"
            ]
        )
    }

    @Test func itCanBeSwitchedOff() throws {
        #expect(try tls("enabled: false") == nil)
        #expect(
            try load("listeners: [{address: 'a:1', ssl: {certificate: c, key: k, enabled: true}}]").listeners[0].tls
                != nil
        )
    }

    /// Keys beside a certificate and a key, and the only error they have.
    @Test(arguments: [
        (
            "supported_protocols: [TLSv1.1, TLSv1.2]",
            "supported_protocols: TLSv1.1 can be broken and is not offered (RFC 8996); TLSv1.2 is the oldest"
        ),
        (
            "supported_protocols: [SSLv3]",
            "supported_protocols: SSLv3 can be broken and is not offered (RFC 8996); TLSv1.2 is the oldest"
        ),
        (
            "supported_protocols: [TLSv1]",
            "supported_protocols: TLSv1 can be broken and is not offered (RFC 8996); TLSv1.2 is the oldest"
        ),
        (
            "supported_protocols: [TLSv1.4]",
            "supported_protocols: \"TLSv1.4\" is none of TLSv1.2, TLSv1.3; did you mean \"TLSv1.2\"?"
        ),
        ("supported_protocols: []", "supported_protocols: is an empty list"),
        (
            "client_authentication: required",
            "client_authentication: needs ssl.certificate_authorities: who has signed the clients' certificates"
        ),
        (
            "client_authentication: optional",
            "client_authentication: needs ssl.certificate_authorities: who has signed the clients' certificates"
        ),
        ("client_authentication: maybe", "client_authentication: \"maybe\" is none of none, optional, required"),
        (
            "certificate_authorities: ['-----BEGIN X']",
            "certificate_authorities: takes the name of a file, not what stands in it"
        ),
        ("certificates: [{certificate: c}]", "certificates[0].certificate: needs key as well"),
        ("certificates: [{key: c}]", "certificates[0].key: needs certificate as well"),
        ("certificates: [{}]", "certificates[0]: needs certificate and key: the names of two PEM files"),
        ("certificates: [{certificate: c, key: k, name: n}]", "certificates[0].name: there is no such setting"),
        ("cipher_suites: [x]", "cipher_suites: is not supported: the ciphers are those of Mozilla's intermediate list"),
        ("curve_types: [x]", "curve_types: is not supported: the ciphers are those of Mozilla's intermediate list"),
        ("ca_sha256: [x]", "ca_sha256: is not supported; name the authority in ssl.certificate_authorities"),
        (
            "verification_mode: none",
            "verification_mode: is for those who connect; a listener has client_authentication: none, optional or required"
        ),
        ("session_tickets: -1", "session_tickets: -1 is out of range: 0 to 16"),
        ("key_passphrase: ''", "key_passphrase: is empty; leave the key out instead"),
    ])
    func whatCannotBeIsNamed(keys: String, message: String) {
        let yaml = "listeners: [{address: '127.0.0.1:1', ssl: {certificate: c.pem, key: k.pem, \(keys)}}]"
        #expect(errors(yaml) == ["a.yml:1: listeners[0].ssl.\(message)"])
    }

    @Test(arguments: [
        ("{}", "listeners[0].ssl: needs certificate and key: the names of two PEM files"),
        ("", "listeners[0].ssl: needs certificate and key: the names of two PEM files"),
        ("{enabled: true}", "listeners[0].ssl: needs certificate and key: the names of two PEM files"),
        ("{certificate: a}", "listeners[0].ssl.certificate: needs key as well"),
        ("{key: a}", "listeners[0].ssl.key: needs certificate as well"),
        ("on", "listeners[0].ssl: is a single value, where a table of keys is expected"),
    ])
    func aCertificateNeedsItsKey(ssl: String, message: String) {
        #expect(errors("listeners: [{address: '127.0.0.1:1', ssl: \(ssl)}]") == ["a.yml:1: \(message)"])
    }

    @Test func aKeyInPlaceOfItsFileIsNotShown() {
        let found = errors("listeners: [{address: 'a:1', ssl: {certificate: c, key: \"-----BEGIN geheim\"}}]")
        #expect(found == ["a.yml:1: listeners[0].ssl.key: takes the name of a file, not what stands in it"])
    }

    @Test func whatBeatsHaveAndMeansNothingIsAWarning() throws {
        let yaml = "listeners: [{address: '127.0.0.1:1', ssl: {certificate: c, key: k, renegotiation: never}}]"
        #expect(try warnings(yaml) == ["a.yml:1: listeners[0].ssl.renegotiation: has no effect: there is none"])
    }

    @Test func whoSpeaksForClientsMustBeTrusted() throws {
        #expect(
            errors("listeners: [{address: 'a:1', proxy_protocol: on}]") == [
                "a.yml:1: listeners[0].proxy_protocol: needs trusted_proxies: whose PROXY headers are believed, as in "
                    + "[10.0.0.0/8]"
            ]
        )
        #expect(try load("listeners: [{address: 'unix:/a', proxy_protocol: on}]").listeners[0].isProxied)
        #expect(errors("trusted_proxies: []") == ["a.yml:1: trusted_proxies: is an empty list"])
    }
}
