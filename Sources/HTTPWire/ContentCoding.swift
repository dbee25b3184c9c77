/// How a body's bytes are coded (RFC 9110 section 8.4).
package enum ContentCoding: Equatable, Sendable {
    case identity
    case gzip

    /// What may stand in the `Accept-Encoding` of a 415.
    package static let accepted = "gzip"

    /// Of the members of `Content-Encoding`; nil of any other coding, and of more than one.
    package init?(members: [String]) {
        let named = members.map { $0.lowercased() }.filter { $0 != "identity" }
        switch named {
        case []: self = .identity
        case ["gzip"], ["x-gzip"]: self = .gzip
        default: return nil
        }
    }
}
