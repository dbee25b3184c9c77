internal import Crypto

/// What an identity may be called: visible ASCII, at most 128 bytes.
enum IdentityName {
    static let maxBytes = 128

    static func isGood(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= maxBytes && name.utf8.allSatisfy(ASCII.isVisible)
    }

    /// A name that says the same: what is not visible ASCII is percent-encoded, and of a long one the end is a digest
    /// of it all, so that different names stay different.
    static func cleaned(_ text: String) -> String {
        let name = text.utf8.map { byte in
            ASCII.isVisible(byte) && byte != UInt8(ascii: "%")
                ? String(UnicodeScalar(byte)) : "%" + hexadecimal(byte).uppercased()
        }.joined()
        guard name.utf8.count > maxBytes else { return name }
        let digest = Digest.sha256.hash(Array(text.utf8)).prefix(8).map(hexadecimal).joined()
        return name.prefix(maxBytes - digest.utf8.count - 1) + "~" + digest
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }
}
