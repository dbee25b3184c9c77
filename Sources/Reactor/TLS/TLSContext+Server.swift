internal import CLinux
internal import COpenSSL

extension TLSContext {
    /// For listeners. Reads files and computes: not on a loop.
    ///
    /// - Parameter now: Unix seconds, for the warnings.
    package static func server(
        _ configuration: TLSServerConfiguration,
        now: Int64 = Int64(time(nil))
    ) throws(TLSError) -> TLSContext {
        if configuration.certificates.isEmpty { throw TLSError("TLS needs a certificate") }
        if configuration.clientAuthentication != .none, configuration.certificateAuthorities.isEmpty {
            throw TLSError("without certificate authorities no client's certificate can be checked")
        }
        var authorities: [Certificate] = []
        for file in configuration.certificateAuthorities {
            authorities += try PEMFile(file, .authorities).certificates()
        }
        var names = ServerNames()
        var all: [TLSSettings] = []
        var validity: [CertificateValidity] = []
        for (index, certificate) in configuration.certificates.enumerated() {
            let builder = try TLSBuilder(
                serves: true,
                from: configuration.minimumVersion,
                to: configuration.maximumVersion
            )
            let own = try builder.use(certificate)
            validity.append(CertificateValidity(own, file: certificate.certificate, now: now))
            for name in own.serverNames { names.add(name, for: index) }
            try builder.verifyClients(configuration.clientAuthentication, authorities)
            builder.serve(tickets: configuration.sessionTickets)
            all.append(builder.settings)
        }
        let directory = TLSDirectory(names: names, settings: all)
        for settings in all {
            // Not counted as a reference: connections hold on to the context, which holds on to the directory.
            let argument = unsafe Unmanaged.passUnretained(directory).toOpaque()
            unsafe co_context_set_name_callback(settings.pointer, chooseByName, argument)
        }
        return TLSContext(primary: all[0], directory: directory, validity: validity)
    }
}

/// SNI: another certificate for another name; an unknown name gets the first one (RFC 6066 section 3 leaves it open).
private func chooseByName(
    _ ssl: OpaquePointer?,
    _ alert: UnsafeMutablePointer<Int32>?,
    _ argument: UnsafeMutableRawPointer?
) -> Int32 {
    guard let argument = unsafe argument, let name = unsafe SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name) else {
        return SSL_TLSEXT_ERR_NOACK
    }
    let directory = unsafe Unmanaged<TLSDirectory>.fromOpaque(argument).takeUnretainedValue()
    guard let settings = directory.settings(for: unsafe String(cString: name)) else { return SSL_TLSEXT_ERR_NOACK }
    unsafe SSL_set_SSL_CTX(ssl, settings.pointer)
    return SSL_TLSEXT_ERR_OK
}
