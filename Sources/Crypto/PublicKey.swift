internal import COpenSSL

/// An OpenSSL key that checks signatures with SHA-256.
///
/// `@unchecked Sendable` because C's pointer is not `Sendable` of itself: the key is never changed after it is made, and
/// OpenSSL lets any number of threads use one that nobody changes (openssl-threads(7)).
@safe final class PublicKey: @unchecked Sendable {
    private static let longestExponent = 8

    private let key: OpaquePointer

    /// - Parameter encoded: a SubjectPublicKeyInfo.
    private init?(_ encoded: [UInt8]) {
        guard let key = unsafe PublicKey.read(encoded) else { return nil }
        unsafe self.key = key
    }

    deinit { unsafe EVP_PKEY_free(key) }

    static func rsa(modulus: [UInt8], exponent: [UInt8]) throws(SignatureKeyError) -> PublicKey {
        let modulus = Array(modulus.drop { $0 == 0 })
        let exponent = Array(exponent.drop { $0 == 0 })
        let bits = modulus.count * 8 - (modulus.first?.leadingZeroBitCount ?? 0)
        guard SignatureKey.rsaBits.contains(bits) else { throw .rsaSize(bits: bits) }
        guard let last = exponent.last, last & 1 == 1, exponent != [1], exponent.count <= longestExponent else {
            throw .rsaExponent
        }
        guard let key = PublicKey(DER.rsaPublicKey(modulus: modulus, exponent: exponent)) else { throw .rsaNumbers }
        return key
    }

    static func p256(x: [UInt8], y: [UInt8]) throws(SignatureKeyError) -> PublicKey {
        guard let encoded = DER.p256PublicKey(x: x, y: y), let key = PublicKey(encoded) else { throw .p256Point }
        return key
    }

    func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        ErrorQueue.undisturbed {
            guard let context = unsafe EVP_MD_CTX_new() else { return false }
            defer { unsafe EVP_MD_CTX_free(context) }
            guard unsafe EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, key) == 1 else { return false }
            return unsafe EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
        }
    }

    /// Nil where the numbers make no key: a point off the curve, a modulus that is prime.
    private static func read(_ encoded: [UInt8]) -> OpaquePointer? {
        unsafe ErrorQueue.undisturbed {
            let decoded = unsafe encoded.withUnsafeBufferPointer { bytes in
                var next = bytes.baseAddress
                return unsafe d2i_PUBKEY(nil, &next, bytes.count)
            }
            guard let key = unsafe decoded else { return nil }
            if unsafe isSound(key) { return unsafe key }
            unsafe EVP_PKEY_free(key)
            return nil
        }
    }

    private static func isSound(_ key: OpaquePointer) -> Bool {
        guard let context = unsafe EVP_PKEY_CTX_new_from_pkey(nil, key, nil) else { return false }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        return unsafe EVP_PKEY_public_check(context) == 1
    }
}
