internal import COpenSSL

/// Keyed hashes (RFC 2104).
package enum HMAC {
    /// HMAC with SHA-256, 32 bytes.
    package static func sha256(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: Digest.sha256.byteCount)
        var size: UInt32 = 0
        let made = unsafe COpenSSL.HMAC(
            EVP_sha256(),
            key,
            Int32(key.count),
            message,
            message.count,
            &code,
            &size
        )
        precondition(unsafe made != nil && Int(size) == code.count, "OpenSSL offers no HMAC with SHA-256")
        return code
    }
}
