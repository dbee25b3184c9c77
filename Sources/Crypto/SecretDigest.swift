/// The SHA-256 of a secret: what is kept of it, and what of a claim to know it is compared.
///
/// Digests are of one length whatever the secret's is, and one that is nearly right tells nothing of how to come nearer.
package struct SecretDigest: Sendable, BitwiseCopyable {
    private let words: (UInt64, UInt64, UInt64, UInt64)

    package init(of secret: [UInt8]) {
        let digest = Digest.sha256.hash(secret)
        func word(_ index: Int) -> UInt64 {
            digest[index * 8..<index * 8 + 8].reduce(0) { $0 << 8 | UInt64($1) }
        }
        words = (word(0), word(1), word(2), word(3))
    }

    /// The first 8 hexadecimal digits: enough to tell secrets from each other, no help in finding one.
    package var fingerprint: String {
        let digits = String(words.0 >> 32, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    /// Where among the candidates this one is, or nil. All of them are visited, and each costs the same.
    package func position(in candidates: some Sequence<SecretDigest>) -> Int? {
        var position = -1
        for (index, candidate) in candidates.enumerated() {
            let difference = difference(from: candidate)
            // All ones where the difference is zero, else zero.
            let isSame = Int(truncatingIfNeeded: (difference | (0 &- difference)) >> 63) &- 1
            position = position & ~isSame | index & isSame
        }
        return position < 0 ? nil : position
    }

    private func difference(from other: SecretDigest) -> UInt64 {
        (words.0 ^ other.words.0) | (words.1 ^ other.words.1) | (words.2 ^ other.words.2) | (words.3 ^ other.words.3)
    }
}

extension SecretDigest: Hashable {
    package static func == (one: SecretDigest, other: SecretDigest) -> Bool { one.difference(from: other) == 0 }

    package func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}

extension SecretDigest: CustomStringConvertible, CustomReflectable {
    package var description: String { "SecretDigest(***)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
