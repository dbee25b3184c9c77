import COpenSSL
import Reactor
import Simulation

/// The other end of a simulated TLS connection: OpenSSL on buffers in memory, in a test's hands.
final class TLSPeer {
    struct Settings {
        var version: ClosedRange<Int32> = TLS1_2_VERSION...TLS1_3_VERSION
        /// OpenSSL's list for TLS 1.2 and below.
        var ciphers: String?
        var serverName: String?
        var protocols: [String] = []
        var certificate: TLSServerConfiguration.Certificate?
        /// Whose certificates are good; nil: all are.
        var authority: String?
        var serves = false
    }

    let peer: SimulatedPeer
    let ssl: OpaquePointer
    private let input: OpaquePointer
    private let output: OpaquePointer
    private(set) var received: [UInt8] = []
    private(set) var sawCloseNotify = false
    /// OpenSSL's reason, once it has failed.
    private(set) var failure: String?
    private(set) var isEstablished = false
    /// Bytes of ciphertext in each write to the network; 0: all at once.
    var cut = 0

    init(_ peer: SimulatedPeer, _ settings: Settings = Settings()) {
        self.peer = peer
        let context = Self.context(settings)
        ssl = SSL_new(context)
        SSL_CTX_free(context)
        input = BIO_new(BIO_s_mem())
        output = BIO_new(BIO_s_mem())
        SSL_set_bio(ssl, input, output)
        if let name = settings.serverName { _ = co_set_server_name(ssl, name) }
        if settings.serves { SSL_set_accept_state(ssl) } else { SSL_set_connect_state(ssl) }
    }

    deinit { SSL_free(ssl) }

    private static func context(_ settings: Settings) -> OpaquePointer {
        let context = SSL_CTX_new(settings.serves ? TLS_server_method() : TLS_client_method())!
        // Old versions are broken, and this is to show that nobody speaks them with us.
        SSL_CTX_set_security_level(context, settings.version.lowerBound < TLS1_2_VERSION ? 0 : 2)
        _ = co_context_set_versions(context, settings.version.lowerBound, settings.version.upperBound)
        if let ciphers = settings.ciphers { SSL_CTX_set_cipher_list(context, ciphers) }
        let protocols = settings.protocols.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
        if !protocols.isEmpty { SSL_CTX_set_alpn_protos(context, protocols, UInt32(protocols.count)) }
        if let files = settings.certificate {
            precondition(SSL_CTX_use_certificate_chain_file(context, files.certificate) == 1)
            precondition(SSL_CTX_use_PrivateKey_file(context, files.key, SSL_FILETYPE_PEM) == 1)
        }
        if let authority = settings.authority {
            precondition(SSL_CTX_load_verify_file(context, authority) == 1)
            SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nil)
        }
        return context
    }

    /// Takes what has arrived, goes on, and sends what there is to be sent.
    /// - Returns: whether anything moved.
    @discardableResult func pump() -> Bool {
        let hasTaken = take()
        return flush() || hasTaken
    }

    /// Takes what has arrived and goes on, sending nothing yet.
    @discardableResult func take() -> Bool {
        let arrived = peer.read()
        if !arrived.isEmpty { BIO_write(input, arrived, Int32(arrived.count)) }
        ERR_clear_error()
        if !isEstablished, failure == nil {
            let result = SSL_do_handshake(ssl)
            isEstablished = result == 1
            if result != 1 { note(result) }
        }
        if isEstablished { readAll() }
        return !arrived.isEmpty
    }

    private func readAll() {
        var part = [UInt8](repeating: 0, count: 16_384)
        while failure == nil, !sawCloseNotify {
            ERR_clear_error()
            let count = SSL_read(ssl, &part, Int32(part.count))
            guard count > 0 else { return note(count) }
            received += part.prefix(Int(count))
        }
    }

    private func note(_ result: Int32) {
        switch SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: break
        case SSL_ERROR_ZERO_RETURN: sawCloseNotify = true
        default: failure = ERR_reason_error_string(ERR_peek_error()).map { String(cString: $0) } ?? "unknown"
        }
        ERR_clear_error()
    }

    /// Sends what OpenSSL has written.
    @discardableResult func flush() -> Bool {
        let bytes = ciphertext()
        if bytes.isEmpty || peer.sawReset { return false }
        peer.write(bytes)
        return true
    }

    /// What OpenSSL has written, taken away from the network.
    func ciphertext() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: BIO_ctrl_pending(output))
        if !bytes.isEmpty { BIO_read(output, &bytes, Int32(bytes.count)) }
        return bytes
    }

    /// Begins the handshake, and takes away what would be sent.
    func ciphertextOfHandshake() -> [UInt8] {
        ERR_clear_error()
        SSL_do_handshake(ssl)
        return ciphertext()
    }

    /// Takes what has arrived and goes on with the handshake, sending nothing yet.
    func receiveFlight() {
        let arrived = peer.read()
        BIO_write(input, arrived, Int32(arrived.count))
        ERR_clear_error()
        isEstablished = SSL_do_handshake(ssl) == 1
    }

    /// Goes on until nothing moves, with the handshake first and then with these bytes and their echo.
    func write(_ text: String, afterHandshakeWith server: inout EchoServer, _ network: SimulatedNetwork) throws {
        try network.settle(&server, self)
        write(text)
        try network.settle(&server, self)
    }

    /// Encrypts; what it becomes leaves with the next `flush`.
    func write(_ bytes: some Collection<UInt8>) {
        guard !bytes.isEmpty else { return }
        ERR_clear_error()
        let bytes = Array(bytes)
        let count = SSL_write(ssl, bytes, Int32(bytes.count))
        precondition(count == bytes.count, "not written")
    }

    func write(_ text: String) { write(text.utf8) }

    /// Says close_notify.
    func sayEnd() {
        ERR_clear_error()
        SSL_shutdown(ssl)
        flush()
    }

    var version: String { String(cString: SSL_get_version(ssl)) }

    var selectedProtocol: String? {
        var name: UnsafePointer<UInt8>?
        var length: UInt32 = 0
        SSL_get0_alpn_selected(ssl, &name, &length)
        guard length > 0 else { return nil }
        return String(decoding: UnsafeBufferPointer(start: name, count: Int(length)), as: UTF8.self)
    }

    /// Whom the server's certificate names.
    var certificateName: String? {
        guard let certificate = SSL_get0_peer_certificate(ssl) else { return nil }
        var text = [CChar](repeating: 0, count: 256)
        let length = X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, &text, 256)
        return length > 0
            ? String(decoding: text.prefix(Int(length)).map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
    }

    /// How many certificates the server has sent.
    var chainLength: Int { Int(co_certificate_count(SSL_get_peer_cert_chain(ssl))) }
}

extension SimulatedNetwork {
    /// Runs the server and its peers until nothing happens any more.
    func settle(_ server: inout EchoServer, _ peers: TLSPeer...) throws {
        try settle(&server, with: peers)
    }

    func settle(_ server: inout EchoServer, with peers: [TLSPeer]) throws {
        var rounds = 0
        var isMoving = true
        while isMoving {
            isMoving = false
            for peer in peers where peer.pump() { isMoving = true }
            try settle(&server)
            for peer in peers where !peer.peer.received.isEmpty { isMoving = true }
            rounds += 1
            if rounds > 10_000 { throw SimulationFailure(description: "no end") }
        }
    }
}
