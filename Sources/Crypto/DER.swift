/// What OpenSSL wants in ASN.1's distinguished encoding (X.690).
enum DER {
    private static let coordinate = 32
    private static let uncompressedPoint: UInt8 = 4
    /// 1.2.840.113549.1.1.1, rsaEncryption, and its parameters, NULL (RFC 3279 section 2.3.1).
    private static let rsaAlgorithm: [UInt8] = [
        0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00,
    ]
    /// 1.2.840.10045.2.1, id-ecPublicKey, and 1.2.840.10045.3.1.7, P-256 (RFC 5480 section 2.1.1).
    private static let p256Algorithm: [UInt8] = [
        0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D,
        0x03, 0x01, 0x07,
    ]

    /// A SubjectPublicKeyInfo of RSA; both numbers big-endian.
    static func rsaPublicKey(modulus: [UInt8], exponent: [UInt8]) -> [UInt8] {
        sequence(rsaAlgorithm + bitString(sequence(integer(modulus) + integer(exponent))))
    }

    /// A SubjectPublicKeyInfo of P-256, or nil where the coordinates are not 32 bytes each.
    static func p256PublicKey(x: [UInt8], y: [UInt8]) -> [UInt8]? {
        guard x.count == coordinate, y.count == coordinate else { return nil }
        return sequence(p256Algorithm + bitString([uncompressedPoint] + x + y))
    }

    /// r and s, 32 bytes each (RFC 7518 section 3.4), as an Ecdsa-Sig-Value (RFC 3279 section 2.2.3); nil for any other
    /// length.
    static func p256Signature(_ raw: [UInt8]) -> [UInt8]? {
        guard raw.count == 2 * coordinate else { return nil }
        return sequence(integer(Array(raw[..<coordinate])) + integer(Array(raw[coordinate...])))
    }

    /// Without zeros in front, but one where the number would else be negative.
    private static func integer(_ bytes: [UInt8]) -> [UInt8] {
        var digits = Array(bytes.drop { $0 == 0 })
        if digits.first ?? 0x80 >= 0x80 { digits.insert(0, at: 0) }
        return element(0x02, digits)
    }

    private static func sequence(_ content: [UInt8]) -> [UInt8] { element(0x30, content) }

    private static func bitString(_ content: [UInt8]) -> [UInt8] { element(0x03, [0] + content) }

    private static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] { [tag] + length(content.count) + content }

    /// Of what is made here, none is longer than 65535 bytes.
    private static func length(_ count: Int) -> [UInt8] {
        switch count {
        case ..<0x80: [UInt8(count)]
        case ..<0x100: [0x81, UInt8(count)]
        default: [0x82, UInt8(count >> 8), UInt8(count & 0xFF)]
        }
    }
}
