internal import CLinux
internal import COpenSSL

extension TLSContext {
    /// For outgoing connections. Reads files and computes: not on a loop.
    ///
    /// - Parameter now: Unix seconds, for the warnings.
    package static func client(
        _ configuration: TLSClientConfiguration,
        now: Int64 = Int64(time(nil))
    ) throws(TLSError) -> TLSContext {
        let builder = try TLSBuilder(
            serves: false,
            from: configuration.minimumVersion,
            to: configuration.maximumVersion
        )
        var authorities: [Certificate] = []
        for file in configuration.certificateAuthorities {
            authorities += try PEMFile(file, .authorities).certificates()
        }
        try builder.verifyServers(configuration.verifies, authorities)
        var validity: [CertificateValidity] = []
        if let certificate = configuration.certificate {
            let own = try builder.use(certificate)
            validity.append(CertificateValidity(own, file: certificate.certificate, now: now))
        }
        return TLSContext(primary: builder.settings, verifiesServer: configuration.verifies, validity: validity)
    }
}
