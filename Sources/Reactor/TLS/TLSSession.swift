internal import COpenSSL

/// What one call of OpenSSL came to.
enum TLSStep {
    /// So many bytes of plaintext, or the handshake is over.
    case done(Int)
    /// All input is taken, and more is needed.
    case wantsInput
    /// The peer has said that nothing follows (close_notify).
    case ended
    case failed(TLSFault)
}

/// One connection's TLS: an SSL object, freed once.
@safe struct TLSSession: ~Copyable {
    private let ssl: OpaquePointer
    private let port: TLSPort
    /// After a failure nothing more is to be said, close_notify least of all (SSL_shutdown(3)).
    private var isBroken = false

    private init(owning ssl: OpaquePointer, _ port: TLSPort) {
        unsafe self.ssl = ssl
        self.port = port
    }

    /// A connection that has begun.
    ///
    /// - Parameter server: on outgoing connections, whom the certificate must be for.
    /// - Returns: nil when there is no memory, or no such name.
    static func begin(_ context: TLSContext, _ port: TLSPort, expects server: String?) -> TLSSession? {
        OpenSSLErrors.clear()
        guard let ssl = unsafe SSL_new(context.primary.pointer) else { return nil }
        let session = unsafe TLSSession(owning: ssl, port)
        unsafe BIO_up_ref(port.bio)
        unsafe SSL_set_bio(ssl, port.bio, port.bio)
        guard let server else {
            unsafe SSL_set_accept_state(ssl)
            return session
        }
        unsafe SSL_set_connect_state(ssl)
        guard unsafe expect(server, ssl, verifies: context.verifiesServer) else { return nil }
        return session
    }

    deinit { unsafe SSL_free(ssl) }

    /// Asks for a server and lets its certificate be good for that one alone. A number is not asked for: RFC 6066
    /// section 3.
    private static func expect(_ server: String, _ ssl: OpaquePointer, verifies: Bool) -> Bool {
        // The dot that makes a name absolute stands neither in what is asked for nor in a certificate.
        let server = server.hasSuffix(".") ? String(server.dropLast()) : server
        // Of an empty name, OpenSSL checks nothing.
        if server.isEmpty || server.utf8.contains(0) { return false }
        let isNumber = IPAddress(server) != nil
        if !isNumber, unsafe co_set_server_name(ssl, server) != 1 { return false }
        guard verifies else { return true }
        if isNumber { return unsafe X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), server) == 1 }
        unsafe SSL_set_hostflags(ssl, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
        return unsafe SSL_set1_host(ssl, server) == 1
    }

    /// Goes on with the handshake.
    mutating func handshake(
        _ input: inout UnsafeRawBufferPointer,
        _ output: inout OutputQueue,
        _ pool: inout OutputPool
    ) -> TLSStep {
        unsafe port.call(input: &input, output: &output, pool: &pool) {
            let result = unsafe SSL_do_handshake(ssl)
            return result == 1 ? .done(0) : step(after: result)
        }
    }

    /// Decrypts up to one record.
    mutating func read(
        into plaintext: UnsafeMutableRawBufferPointer,
        _ input: inout UnsafeRawBufferPointer,
        _ output: inout OutputQueue,
        _ pool: inout OutputPool
    ) -> TLSStep {
        unsafe port.call(input: &input, output: &output, pool: &pool) {
            var count = 0
            let result = unsafe SSL_read_ex(ssl, plaintext.baseAddress, plaintext.count, &count)
            return result == 1 ? .done(count) : step(after: result)
        }
    }

    /// Encrypts; the first record of it at least.
    mutating func write(
        _ plaintext: UnsafeRawBufferPointer,
        _ output: inout OutputQueue,
        _ pool: inout OutputPool
    ) -> TLSStep {
        var nothing = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
        return unsafe port.call(input: &nothing, output: &output, pool: &pool) {
            var count = 0
            let result = unsafe SSL_write_ex(ssl, plaintext.baseAddress, plaintext.count, &count)
            return result == 1 ? .done(count) : step(after: result)
        }
    }

    /// Says close_notify, once.
    mutating func finish(_ output: inout OutputQueue, _ pool: inout OutputPool) {
        guard !isBroken, unsafe SSL_is_init_finished(ssl) == 1 else { return }
        isBroken = true
        var nothing = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
        unsafe port.call(input: &nothing, output: &output, pool: &pool) {
            _ = unsafe SSL_shutdown(ssl)
            // Whatever it said stays here.
            OpenSSLErrors.clear()
        }
    }

    /// Whether bytes wait inside, decrypted or not; half a record counts too.
    var hasPending: Bool { unsafe SSL_has_pending(ssl) == 1 }

    private mutating func step(after result: Int32) -> TLSStep {
        switch unsafe SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ: return .wantsInput
        case SSL_ERROR_ZERO_RETURN: return .ended
        default:
            isBroken = true
            return .failed(fault())
        }
    }

    private func fault() -> TLSFault {
        let code = OpenSSLErrors.first
        OpenSSLErrors.clear()
        let verdict = unsafe SSL_get_verify_result(ssl)
        switch ERR_GET_REASON(code) {
        case SSL_R_HTTP_REQUEST where ERR_GET_LIB(code) == ERR_LIB_SSL: return .plainHTTP
        case SSL_R_CERTIFICATE_VERIFY_FAILED where verdict != Int(X509_V_OK): return .badCertificate(verdict)
        default: return .failed(code)
        }
    }
}

extension TLSSession {
    var facts: TLSFacts {
        let name = unsafe SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name)
        let version = unsafe String(cString: SSL_get_version(ssl))
        let cipher = unsafe String(cString: SSL_CIPHER_get_name(SSL_get_current_cipher(ssl)))
        return TLSFacts(
            serverName: unsafe name.map { unsafe String(cString: $0) },
            clientSubject: clientSubject,
            version: version,
            cipher: cipher
        )
    }

    /// Only of a certificate that was verified, and only on a server.
    private var clientSubject: String? {
        guard unsafe SSL_is_server(ssl) == 1, unsafe SSL_get_verify_result(ssl) == Int(X509_V_OK),
            let certificate = unsafe SSL_get0_peer_certificate(ssl)
        else { return nil }
        return unsafe Certificate.text(ofSubject: X509_get_subject_name(certificate))
    }
}
