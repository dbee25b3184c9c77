internal import Crypto

/// A key that signs tokens, and what it is called.
struct VerificationKey: Sendable {
    /// nil: it is for tokens that name any key or none.
    let name: String?
    let key: SignatureKey
}
