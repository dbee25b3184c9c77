internal import COpenSSL

/// The SHA-256 of bytes that come piece by piece and are not kept.
@safe package final class RunningDigest {
    private let context: OpaquePointer

    package init() {
        guard let context = unsafe EVP_MD_CTX_new(), unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
            preconditionFailure("OpenSSL offers no SHA-256")
        }
        unsafe self.context = context
    }

    deinit { unsafe EVP_MD_CTX_free(context) }

    package func update(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress else { return }
        let done = unsafe EVP_DigestUpdate(context, base, bytes.count)
        precondition(done == 1, "OpenSSL fails to hash")
    }

    /// The digest of everything so far; nothing may follow.
    package func finish() -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Digest.sha256.byteCount)
        var size: UInt32 = 0
        let done = unsafe EVP_DigestFinal_ex(context, &digest, &size)
        precondition(done == 1 && Int(size) == digest.count, "OpenSSL fails to hash")
        return digest
    }
}
