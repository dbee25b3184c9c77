/// Who was let in.
package struct Identity: Sendable, Hashable {
    /// The name of a token, a user's name, a JWT's subject: visible ASCII, at most 128 bytes, never the secret.
    package let name: String
    /// Unix seconds, leeway included, from which on the credential is worth nothing; nil: for ever.
    package let expiresAt: Int64?

    package init(name: String, expiresAt: Int64? = nil) {
        self.name = name
        self.expiresAt = expiresAt
    }
}
