internal import COpenSSL

/// Random bytes that nobody can foretell.
package enum SecureRandom {
    /// The system gave OpenSSL no entropy.
    package struct Unavailable: Error, Equatable, CustomStringConvertible {
        package var description: String { "no random bytes: the system gave OpenSSL no entropy" }
    }

    /// - Throws: `Unavailable`; nothing that comes out in that case may be used.
    package static func bytes(_ count: Int) throws(Unavailable) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        guard unsafe RAND_bytes(&bytes, Int32(count)) == 1 else { throw Unavailable() }
        return bytes
    }
}
