internal import COpenSSL

/// Puts one SSL_CTX together.
struct TLSBuilder {
    /// Mozilla's intermediate configuration (https://wiki.mozilla.org/Security/Server_Side_TLS), for TLS 1.2, without
    /// key exchange over finite fields, with which a client can make the server work harder than itself
    /// (CVE-2002-20001).
    private static let ciphers = [
        "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384",
        "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-CHACHA20-POLY1305",
    ].joined(separator: ":")
    /// The same for TLS 1.3.
    private static let suites = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"
    private static let groups = "X25519:P-256:P-384"

    let settings: TLSSettings
    private var context: OpaquePointer { unsafe settings.pointer }

    init(serves: Bool, from lowest: TLSVersion, to highest: TLSVersion) throws(TLSError) {
        OpenSSLErrors.clear()
        guard lowest <= highest else { throw TLSError("the highest version of TLS is below the lowest") }
        guard let context = unsafe SSL_CTX_new(serves ? TLS_server_method() : TLS_client_method()) else {
            throw Self.unusable()
        }
        settings = unsafe TLSSettings(owning: context)
        // Sessions are not kept: with tickets the client keeps its own.
        unsafe co_context_set_session_cache_off(context)
        unsafe co_context_set_read_ahead(context)
        unsafe SSL_CTX_set_info_callback(context) { unsafe countMessage($0, $1, $2) }
        // A write that was cut goes on from where the rest is then, and an idle connection keeps no buffers.
        let modes = SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS
        unsafe co_context_set_mode(context, Int(modes))
        // An end without close_notify is no error: the protocols above have their own ends.
        let options = co_op_no_renegotiation | co_op_no_compression | co_op_ignore_unexpected_eof
        unsafe SSL_CTX_set_options(context, options)
        guard unsafe co_context_set_versions(context, lowest.number, highest.number) == 1,
            unsafe SSL_CTX_set_cipher_list(context, Self.ciphers) == 1,
            unsafe SSL_CTX_set_ciphersuites(context, Self.suites) == 1,
            unsafe co_context_set_groups(context, Self.groups) == 1
        else { throw Self.unusable() }
        if !serves {
            let protocols: [UInt8] = [8] + Array("http/1.1".utf8)
            unsafe SSL_CTX_set_alpn_protos(context, protocols, UInt32(protocols.count))
        }
    }

    private static func unusable() -> TLSError {
        TLSError("OpenSSL cannot be used: \(OpenSSLErrors.reason(of: OpenSSLErrors.last))")
    }

    /// Reads a certificate, what belongs behind it, and its key.
    /// - Returns: the certificate.
    func use(_ files: TLSServerConfiguration.Certificate) throws(TLSError) -> Certificate {
        let chain = try PEMFile(files.certificate, .certificate).certificates()
        let key = try PEMFile(files.key, .key).key(passphrase: files.passphrase)
        OpenSSLErrors.clear()
        guard unsafe SSL_CTX_use_certificate(context, chain[0].pointer) == 1 else {
            throw TLSError(.certificate, files.certificate, .refused(OpenSSLErrors.reason(of: OpenSSLErrors.last)))
        }
        guard unsafe X509_check_private_key(chain[0].pointer, key.pointer) == 1 else {
            throw TLSError(.key, files.key, .keyMismatch(certificate: files.certificate))
        }
        guard unsafe SSL_CTX_use_PrivateKey(context, key.pointer) == 1 else {
            throw TLSError(.key, files.key, .refused(OpenSSLErrors.reason(of: OpenSSLErrors.last)))
        }
        for link in chain.dropFirst() {
            unsafe X509_up_ref(link.pointer)
            guard unsafe co_context_add_chain_certificate(context, link.pointer) == 1 else {
                unsafe X509_free(link.pointer)
                throw TLSError(.certificate, files.certificate, .refused(OpenSSLErrors.reason(of: OpenSSLErrors.last)))
            }
        }
        return chain[0]
    }

    /// - Parameter tickets: for each client, to come back with.
    func serve(tickets: Int) {
        unsafe SSL_CTX_set_alpn_select_cb(context, selectProtocol, nil)
        unsafe SSL_CTX_set_num_tickets(context, max(0, tickets))
        if tickets <= 0 { unsafe SSL_CTX_set_options(context, co_op_no_ticket) }
        // Without one, a client with a certificate that comes back with a ticket would be refused.
        let name = Array("sluice".utf8)
        unsafe SSL_CTX_set_session_id_context(context, name, UInt32(name.count))
    }

    func verifyClients(
        _ rule: TLSServerConfiguration.ClientAuthentication,
        _ authorities: [Certificate]
    ) throws(TLSError) {
        if rule == .none { return }
        try trust(authorities)
        for authority in authorities { unsafe SSL_CTX_add_client_CA(context, authority.pointer) }
        let required = rule == .required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0
        unsafe SSL_CTX_set_verify(context, SSL_VERIFY_PEER | required, nil)
    }

    /// - Parameter authorities: none: the system's.
    func verifyServers(_ verifies: Bool, _ authorities: [Certificate]) throws(TLSError) {
        guard verifies else { return unsafe SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nil) }
        if authorities.isEmpty {
            guard unsafe SSL_CTX_set_default_verify_paths(context) == 1 else { throw Self.unusable() }
        }
        try trust(authorities)
        unsafe SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
    }

    private func trust(_ authorities: [Certificate]) throws(TLSError) {
        guard let store = unsafe SSL_CTX_get_cert_store(context) else { throw Self.unusable() }
        for authority in authorities {
            guard unsafe X509_STORE_add_cert(store, authority.pointer) == 1 else { throw Self.unusable() }
        }
    }
}

extension TLSVersion {
    var number: Int32 {
        switch self {
        case .tls12: TLS1_2_VERSION
        case .tls13: TLS1_3_VERSION
        }
    }
}

/// ALPN (RFC 7301): `http/1.1` where it is offered. A client that offers only others goes on without: it may well speak
/// it all the same.
private func selectProtocol(
    _ ssl: OpaquePointer?,
    _ selected: UnsafeMutablePointer<UnsafePointer<UInt8>?>?,
    _ selectedLength: UnsafeMutablePointer<UInt8>?,
    _ offered: UnsafePointer<UInt8>?,
    _ offeredLength: UInt32,
    _ argument: UnsafeMutableRawPointer?
) -> Int32 {
    let list = unsafe UnsafeBufferPointer(start: offered, count: Int(offeredLength))
    var at = 0
    while at < list.count {
        let length = unsafe Int(list[at])
        guard at + 1 + length <= list.count else { break }
        let name = unsafe list[(at + 1)..<(at + 1 + length)]
        if unsafe name.elementsEqual("http/1.1".utf8) {
            unsafe selected?.pointee = offered! + at + 1
            unsafe selectedLength?.pointee = UInt8(length)
            return SSL_TLSEXT_ERR_OK
        }
        at += 1 + length
    }
    return SSL_TLSEXT_ERR_NOACK
}
