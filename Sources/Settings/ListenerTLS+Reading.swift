extension ListenerTLS {
    /// Nil where `ssl.enabled` is false or where it is wrong.
    static func read(_ reader: inout TableReader, _ elsewhere: () -> [String]) -> ListenerTLS? {
        let isEnabled = reader.bool("enabled") ?? true
        let first = Certificate.read(&reader)
        let others = (reader.tables("certificates") ?? []).compactMap { other in
            var other = other
            let certificate = Certificate.read(&other)
            other.finish(elsewhere: elsewhere)
            return certificate.flatMap { $0 }
        }
        var tls = ListenerTLS(certificates: [])
        tls.authorities = reader.files("certificate_authorities")
        tls.readClientAuthentication(&reader)
        tls.readVersions(&reader)
        tls.sessionTickets = reader.integer("session_tickets", in: 0...16) ?? 0
        refuseAndIgnore(&reader)
        reader.finish(elsewhere: elsewhere)
        guard isEnabled, let first else { return nil }
        tls.certificates = [first] + others
        return tls
    }

    private mutating func readClientAuthentication(_ reader: inout TableReader) {
        let named = reader.choice("client_authentication", ClientAuthentication.self)
        clientAuthentication = named ?? (authorities.isEmpty ? .none : .required)
        if clientAuthentication != .none && authorities.isEmpty {
            reader.fail(
                "client_authentication",
                .contradiction("needs ssl.certificate_authorities: who has signed the clients' certificates")
            )
        }
        if named == ClientAuthentication.none && !authorities.isEmpty {
            reader.report.warn(
                reader.whole("certificate_authorities"),
                "has no effect with client_authentication: none"
            )
        }
    }

    private mutating func readVersions(_ reader: inout TableReader) {
        guard let named = reader.texts("supported_protocols") else { return }
        versions = []
        for (text, origin) in named {
            do throws(ValueFault) {
                versions.append(try Self.version(text))
            } catch {
                reader.report.fail(reader.whole("supported_protocols"), at: origin, .invalid(error.message))
            }
        }
    }

    private static func version(_ text: String) throws(ValueFault) -> Version {
        guard !["TLSV1", "TLSV1.0", "TLSV1.1", "SSLV2", "SSLV3"].contains(text.uppercased()) else {
            throw ValueFault(message: "\(text) can be broken and is not offered (RFC 8996); TLSv1.2 is the oldest")
        }
        return try ValueText.choice(text, Version.self)
    }

    private static func refuseAndIgnore(_ reader: inout TableReader) {
        for name in ["cipher_suites", "curve_types"] {
            reader.refuse(name, .invalid("is not supported: the ciphers are those of Mozilla's intermediate list"))
        }
        for name in ["ca_sha256", "ca_trusted_fingerprint"] {
            reader.refuse(name, .invalid("is not supported; name the authority in ssl.certificate_authorities"))
        }
        reader.refuse("key_passphrase_path", .invalid("is not supported; write key_passphrase: ${NAME}"))
        reader.refuse(
            "verification_mode",
            .invalid("is for those who connect; a listener has client_authentication: none, optional or required")
        )
        reader.ignore("renegotiation", "there is none")
    }
}

extension ListenerTLS.Certificate {
    /// Nil where something is missing or wrong, which is then in the report.
    static func read(_ reader: inout TableReader) -> Self? {
        let isMissing = (certificate: reader.isMissing("certificate"), key: reader.isMissing("key"))
        let certificate = reader.file("certificate")
        let key = reader.file("key")
        let passphrase = reader.secret("key_passphrase")
        switch isMissing {
        case (true, true):
            reader.fail(.contradiction("needs certificate and key: the names of two PEM files"))
        case (true, false): reader.fail("key", .contradiction("needs certificate as well"))
        case (false, true): reader.fail("certificate", .contradiction("needs key as well"))
        case (false, false): break
        }
        guard let certificate, let key else { return nil }
        return Self(certificate: certificate, key: key, keyPassphrase: passphrase)
    }
}
