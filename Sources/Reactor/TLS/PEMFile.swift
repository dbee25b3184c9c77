internal import CLinux
internal import COpenSSL

/// A file of certificates or keys in PEM form (RFC 7468).
@safe struct PEMFile: ~Copyable {
    /// Bytes that are read at most: the system's authorities are a quarter of a MiB.
    static let limit = 4 << 20

    let path: String
    let role: TLSError.Role
    private var bytes: [UInt8]

    init(_ path: String, _ role: TLSError.Role) throws(TLSError) {
        bytes = try Self.load(path, role)
        self.path = path
        self.role = role
    }

    private static func load(_ path: String, _ role: TLSError.Role) throws(TLSError) -> [UInt8] {
        do throws(Errno) {
            let bytes = try read(path)
            if bytes.count <= limit { return bytes }
        } catch {
            throw TLSError(role, path, .unreadable(error))
        }
        throw TLSError(role, path, .tooLarge)
    }

    // It may hold a key.
    deinit { Self.wipe(bytes) }

    /// Up to one byte more than the limit.
    private static func read(_ path: String) throws(Errno) -> [UInt8] {
        let descriptor = unsafe cl_open_read(path)
        guard descriptor >= 0 else { throw Errno.last }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 16 * 1024)
        while bytes.count <= limit {
            let count = unsafe CLinux.read(descriptor, &part, part.count)
            if count == 0 { break }
            guard count > 0 else {
                let error = Errno.last
                if error.isInterruption { continue }
                throw error
            }
            bytes += part.prefix(count)
        }
        wipe(part)
        return bytes
    }

    private static func wipe(_ bytes: [UInt8]) {
        unsafe bytes.withUnsafeBytes { bytes in
            unsafe OPENSSL_cleanse(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
        }
    }

    /// Every certificate in the file, at least one.
    borrowing func certificates() throws(TLSError) -> [Certificate] {
        OpenSSLErrors.clear()
        let bio = unsafe BIO_new_mem_buf(bytes, Int32(bytes.count))
        defer { unsafe BIO_free(bio) }
        var certificates: [Certificate] = []
        while let next = unsafe PEM_read_bio_X509_AUX(bio, nil, neverPrompting, nil) {
            unsafe certificates.append(Certificate(owning: next))
        }
        let code = OpenSSLErrors.last
        let isEnd = ERR_GET_REASON(code) == PEM_R_NO_START_LINE
        OpenSSLErrors.clear()
        if certificates.isEmpty || !isEnd {
            throw TLSError(role, path, .malformed(bytes.isEmpty ? "it is empty" : OpenSSLErrors.reason(of: code)))
        }
        return certificates
    }

    /// The first private key in the file.
    borrowing func key(passphrase: String?) throws(TLSError) -> PrivateKey {
        OpenSSLErrors.clear()
        let bio = unsafe BIO_new_mem_buf(bytes, Int32(bytes.count))
        defer { unsafe BIO_free(bio) }
        let request = PassphraseRequest(passphrase)
        let found = unsafe PEM_read_bio_PrivateKey(
            bio,
            nil,
            neverPrompting,
            Unmanaged.passUnretained(request).toOpaque()
        )
        let code = OpenSSLErrors.last
        OpenSSLErrors.clear()
        guard let found = unsafe found else {
            if request.wasAsked { throw TLSError(role, path, passphrase == nil ? .passphraseNeeded : .wrongPassphrase) }
            throw TLSError(role, path, .malformed(bytes.isEmpty ? "it is empty" : OpenSSLErrors.reason(of: code)))
        }
        return unsafe PrivateKey(owning: found)
    }
}

/// The passphrase while a key is read, and whether it was needed.
private final class PassphraseRequest {
    let passphrase: String?
    var wasAsked = false

    init(_ passphrase: String?) { self.passphrase = passphrase }
}

/// Always given to OpenSSL: without it, it would ask at the terminal.
private func neverPrompting(
    _ buffer: UnsafeMutablePointer<CChar>?,
    _ size: Int32,
    _ isWriting: Int32,
    _ context: UnsafeMutableRawPointer?
) -> Int32 {
    guard let buffer = unsafe buffer, let context = unsafe context else { return -1 }
    let request = unsafe Unmanaged<PassphraseRequest>.fromOpaque(context).takeUnretainedValue()
    request.wasAsked = true
    guard let bytes = request.passphrase?.utf8, bytes.count <= Int(size) else { return -1 }
    for (index, byte) in bytes.enumerated() { unsafe buffer[index] = CChar(bitPattern: byte) }
    return Int32(bytes.count)
}
