internal import Crypto

/// What a JSON web key says of itself (RFC 7517 section 4).
struct JSONWebKey {
    private let members: JSONObject

    init(_ members: JSONObject) { self.members = members }

    var name: String? { text("kid") }

    /// What the key is for, or nil where that is nothing that is done here.
    var algorithm: SignatureKey.Algorithm? {
        guard let fitting = kind, text("use") ?? "sig" == "sig", isForVerifying else { return nil }
        guard members["alg"] == nil || text("alg") == fitting.rawValue else { return nil }
        return fitting.signature
    }

    /// A member in base64url.
    func bytes(_ name: String) -> [UInt8]? { text(name).flatMap { Base64URL.decode($0.utf8) } }

    private var kind: JWTAlgorithm? {
        switch text("kty") {
        case "RSA": .rs256
        case "EC" where text("crv") == "P-256": .es256
        case "oct": .hs256
        default: nil
        }
    }

    private var isForVerifying: Bool {
        switch members["key_ops"] {
        case nil: true
        case .array(let uses): uses.contains(.string("verify"))
        default: false
        }
    }

    private func text(_ name: String) -> String? {
        guard case .string(let text)? = members[name] else { return nil }
        return text
    }
}
