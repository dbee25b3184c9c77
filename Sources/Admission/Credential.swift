/// What a request proves itself with, and where it stood.
struct Credential: Sendable {
    enum Place: Sendable, Equatable {
        case authorization
        case cookie
        case subprotocol
        case query
        case path
    }

    enum Proof: Sendable {
        case token([UInt8])
        /// `user:password`.
        case basic([UInt8])
    }

    /// Longer ones are refused unread.
    static let maxBytes = 8192

    let place: Place
    let proof: Proof
}

extension Credential: Concealing {}

extension Credential.Place: CustomStringConvertible {
    var description: String {
        switch self {
        case .authorization: "the Authorization field"
        case .cookie: "the cookie"
        case .subprotocol: "the subprotocol list"
        case .query: "the query"
        case .path: "the path"
        }
    }
}
