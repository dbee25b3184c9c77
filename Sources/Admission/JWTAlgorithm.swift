internal import Crypto

/// What signs a token here (RFC 7518 section 3.1), and no other: above all not `none`.
enum JWTAlgorithm: String {
    case hs256 = "HS256"
    case rs256 = "RS256"
    case es256 = "ES256"

    var signature: SignatureKey.Algorithm {
        switch self {
        case .hs256: .hmacSHA256
        case .rs256: .rsaSHA256
        case .es256: .p256SHA256
        }
    }
}
