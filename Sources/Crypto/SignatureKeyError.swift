/// A key that cannot be used, without the key.
package enum SignatureKeyError: Error, Equatable, CustomStringConvertible {
    case shortSecret(bytes: Int)
    case rsaSize(bits: Int)
    case rsaExponent
    /// OpenSSL takes these numbers for no RSA key.
    case rsaNumbers
    /// Not the coordinates of a point of P-256.
    case p256Point

    package var description: String {
        switch self {
        case .shortSecret(let bytes):
            "the secret has \(bytes) bytes; HS256 needs at least \(SignatureKey.leastSecretBytes)"
        case .rsaSize(let bits):
            "the RSA key has \(bits) bits; it needs \(SignatureKey.rsaBits.lowerBound) to "
                + "\(SignatureKey.rsaBits.upperBound)"
        case .rsaExponent: "the RSA key's exponent is not an odd number of 8 bytes or less, from 3 on"
        case .rsaNumbers: "the RSA key's numbers make no key"
        case .p256Point: "the coordinates are no point of the curve P-256"
        }
    }
}
