internal import COpenSSL

/// Cryptographic hash functions.
package enum Digest: Sendable, CaseIterable {
    /// SHA-1 (FIPS 180-4), 20 bytes. For the WebSocket handshake alone: it proves nothing about who sent what.
    case sha1
    /// SHA-256 (FIPS 180-4), 32 bytes.
    case sha256

    /// The length of a digest in bytes.
    package var byteCount: Int {
        switch self {
        case .sha1: 20
        case .sha256: 32
        }
    }

    /// The digest of `bytes`.
    package func hash(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: byteCount)
        var size: UInt32 = 0
        let done = unsafe EVP_Digest(bytes, bytes.count, &digest, &size, algorithm, nil)
        precondition(done == 1 && Int(size) == byteCount, "OpenSSL offers no \(self)")
        return digest
    }

    private var algorithm: OpaquePointer {
        switch self {
        case .sha1: unsafe EVP_sha1()
        case .sha256: unsafe EVP_sha256()
        }
    }
}
