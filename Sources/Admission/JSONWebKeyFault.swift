/// Why a file is no set of keys that can be used. Names no key material.
enum JSONWebKeyFault: Error, Equatable {
    case json(JSONFault)
    case noKeySet
    case key(_ number: Int, name: String?, _ problem: String)
    case nothingUsable
}

extension JSONWebKeyFault: CustomStringConvertible {
    var description: String {
        switch self {
        case .json(let fault): "\(fault)"
        case .noKeySet: "is no JSON web key set: an object with an array \"keys\""
        case .key(let number, let name, let problem):
            "key \(number)\(name.map { " (kid \(IdentityName.cleaned($0)))" } ?? ""): \(problem)"
        case .nothingUsable:
            "has no key that can be used: kty RSA, EC with crv P-256 or oct, for signatures (use, key_ops), and alg, "
                + "where there is one, RS256, ES256 or HS256"
        }
    }
}
