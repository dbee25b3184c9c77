/// Why a JSON web token is not good. Goes to the log: nothing of the token is in it but names that are no secret.
enum JWTFault: Error, Equatable {
    enum Part: String {
        case header
        case claims
        case signature
    }

    case notThreeParts
    case base64(Part)
    case json(Part, JSONFault)
    case notAnObject(Part)
    /// A member that must be there is not, or one has a type that it cannot have.
    case member(String)
    /// `alg` names none of the three.
    case algorithm(String)
    case critical
    /// No key of this algorithm and name.
    case unknownKey(algorithm: String, name: String?)
    case signature
    case expired(at: Double)
    case notYetValid(from: Double)
    case issuedLater(at: Double)
    case issuer
    case audience
}

extension JWTFault: CustomStringConvertible {
    var description: String {
        switch self {
        case .notThreeParts: "it does not have three parts"
        case .base64(let part): "its \(part) is not base64url without padding"
        case .json(let part, let fault): "its \(part) \(fault)"
        case .notAnObject(let part): "its \(part) is no JSON object"
        case .member(let name): "its \(name) is missing or not of the type that it must have"
        case .algorithm(let name): "its alg \(shown(name)) is none of HS256, RS256, ES256"
        case .critical: "it has crit: extensions are not understood here"
        case .unknownKey(let algorithm, nil): "no key is for \(algorithm)"
        case .unknownKey(let algorithm, let name?): "no key for \(algorithm) is called \(shown(name))"
        case .signature: "no key made its signature"
        case .expired(let time): "it has expired at \(Int64(time))"
        case .notYetValid(let time): "it is not valid before \(Int64(time))"
        case .issuedLater(let time): "it says that it will be issued at \(Int64(time))"
        case .issuer: "its iss is not the one that is asked for"
        case .audience: "its aud is not the one that is asked for"
        }
    }

    private func shown(_ name: String) -> String { String(IdentityName.cleaned(name).prefix(64)) }
}
