/// A key that checks signatures by the one algorithm that it is for: a signature cannot choose another.
///
/// Made once, used by any thread.
package struct SignatureKey: Sendable {
    package enum Algorithm: Sendable, Equatable {
        /// HS256 of RFC 7518 section 3.2.
        case hmacSHA256
        /// RS256 of RFC 7518 section 3.3: RSASSA-PKCS1-v1_5.
        case rsaSHA256
        /// ES256 of RFC 7518 section 3.4: ECDSA on P-256; a signature is r and s, 32 bytes each.
        case p256SHA256
    }

    /// RFC 7518 section 3.2: at least as long as the hash.
    package static let leastSecretBytes = 32
    /// RFC 7518 section 3.3 sets the lower bound; the upper one bounds what a check costs.
    package static let rsaBits = 2048...8192

    private enum Material: Sendable {
        case secret([UInt8])
        case publicKey(PublicKey)
    }

    package let algorithm: Algorithm
    private let material: Material

    private init(_ algorithm: Algorithm, _ material: Material) {
        self.algorithm = algorithm
        self.material = material
    }

    package static func hmacSHA256(secret: [UInt8]) throws(SignatureKeyError) -> SignatureKey {
        guard secret.count >= leastSecretBytes else { throw .shortSecret(bytes: secret.count) }
        return SignatureKey(.hmacSHA256, .secret(secret))
    }

    /// - Parameters: both big-endian.
    package static func rsa(modulus: [UInt8], exponent: [UInt8]) throws(SignatureKeyError) -> SignatureKey {
        SignatureKey(.rsaSHA256, .publicKey(try .rsa(modulus: modulus, exponent: exponent)))
    }

    /// - Parameters: both 32 bytes, big-endian.
    package static func p256(x: [UInt8], y: [UInt8]) throws(SignatureKeyError) -> SignatureKey {
        SignatureKey(.p256SHA256, .publicKey(try .p256(x: x, y: y)))
    }

    package func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        switch material {
        case .secret(let secret):
            return ConstantTime.areEqual(signature, HMAC.sha256(message, key: secret))
        case .publicKey(let key):
            if algorithm == .rsaSHA256 { return key.verifies(signature, of: message) }
            guard let encoded = DER.p256Signature(signature) else { return false }
            return key.verifies(encoded, of: message)
        }
    }
}

extension SignatureKey: CustomStringConvertible, CustomReflectable {
    package var description: String { "SignatureKey(\(algorithm))" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
