internal import Crypto

/// Secrets, as digests, and the names of those who have them.
struct SecretTable: Sendable {
    /// One secret under two names.
    struct Ambiguity: Error {
        let names: [String]
    }

    private var digests: [SecretDigest] = []
    private var names: [String] = []

    /// Nobody's.
    init() {}

    /// - Parameter entries: where the name is nil it is the secret's fingerprint.
    init(_ entries: [(secret: [UInt8], name: String?)]) throws(Ambiguity) {
        var known: [SecretDigest: String] = [:]
        for entry in entries {
            let digest = SecretDigest(of: entry.secret)
            let name = entry.name ?? digest.fingerprint
            if let other = known.updateValue(name, forKey: digest) {
                guard other == name else { throw Ambiguity(names: [other, name]) }
                continue
            }
            digests.append(digest)
            names.append(name)
        }
    }

    /// Whose secret it is. Every one of the table is visited, whichever it is.
    func owner(of secret: [UInt8]) -> String? {
        SecretDigest(of: secret).position(in: digests).map { names[$0] }
    }
}

extension SecretTable: Concealing {}
