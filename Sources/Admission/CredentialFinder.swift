internal import Crypto

/// Finds a request's credential: the first place that has one counts, and the ones after it are not looked at. So one
/// that is wrong is refused even where a good one follows: nobody comes in as somebody else than they think.
///
/// A scheme of Authorization that is not taken here is no credential, for browsers add those of a proxy in front by
/// themselves; neither is an empty token.
struct CredentialFinder: Sendable {
    let takesTokens: Bool
    let takesBasic: Bool
    /// Empty: none.
    let cookie: String

    /// - Returns: nil where there is none.
    func find(in request: AdmissionRequest) throws(CredentialFault) -> Credential? {
        if let found = try authorization(request.authorization) { return found }
        guard takesTokens else { return nil }
        if let found = try fromCookies(request.cookies) { return found }
        if let found = try fromProtocols(request.protocols) { return found }
        if let query = request.query, let found = try fromQuery(query) { return found }
        guard let text = request.pathToken else { return nil }
        return try encoded([text.utf8[...]], in: .path)
    }

    private func authorization(_ fields: [String]) throws(CredentialFault) -> Credential? {
        guard let field = fields.first else { return nil }
        guard fields.count == 1 else { throw .repeated(.authorization) }
        let scheme = field.utf8.prefix { !ASCII.isBlank($0) }
        let value = Array(field.utf8.dropFirst(scheme.count).drop(while: ASCII.isBlank))
        switch String(decoding: scheme, as: UTF8.self).lowercased() {
        case "bearer" where takesTokens:
            guard !value.isEmpty else { throw .malformed(.authorization) }
            return try token(value, in: .authorization)
        case "basic" where takesBasic:
            guard value.count <= Credential.maxBytes else { throw .tooLong(.authorization) }
            guard let pair = Base64.decode(String(decoding: value, as: UTF8.self)), pair.contains(UInt8(ascii: ":"))
            else { throw .malformed(.authorization) }
            return Credential(place: .authorization, proof: .basic(pair))
        default: return nil
        }
    }

    /// The cookie (RFC 6265 section 4.2.1). Of several, the first that is not empty counts: browsers send the one with
    /// the longest path first (section 5.4).
    private func fromCookies(_ fields: [String]) throws(CredentialFault) -> Credential? {
        guard !cookie.isEmpty else { return nil }
        let pairs = fields.lazy.flatMap { $0.utf8.split(separator: UInt8(ascii: ";")) }
        guard let value = pairs.compactMap({ cookieValue($0) }).first(where: { !$0.isEmpty }) else { return nil }
        return try token(value, in: .cookie)
    }

    private func cookieValue(_ pair: Substring.UTF8View) -> [UInt8]? {
        let trimmed = pair.drop(while: ASCII.isBlank)
        guard let value = CredentialFinder.rest(of: trimmed, after: "\(cookie)=") else { return nil }
        let end = value.lastIndex { !ASCII.isBlank($0) }
        let bytes = end.map { Array(value[...$0]) } ?? []
        let quote = UInt8(ascii: "\"")
        guard bytes.count >= 2, bytes.first == quote, bytes.last == quote else { return bytes }
        return Array(bytes.dropFirst().dropLast())
    }

    private func fromProtocols(_ names: [String]) throws(CredentialFault) -> Credential? {
        try encoded(names.compactMap { CredentialFinder.rest(of: $0.utf8[...], after: "token.") }, in: .subprotocol)
    }

    private func fromQuery(_ query: String) throws(CredentialFault) -> Credential? {
        let parts = query.utf8.split(separator: UInt8(ascii: "&"))
        return try encoded(parts.compactMap { CredentialFinder.rest(of: $0, after: "token=") }, in: .query)
    }

    private static func rest(of text: Substring.UTF8View, after prefix: String) -> Substring.UTF8View? {
        text.starts(with: prefix.utf8) ? text.dropFirst(prefix.utf8.count) : nil
    }

    /// Several times the same is one.
    private func encoded(
        _ values: [Substring.UTF8View],
        in place: Credential.Place
    ) throws(CredentialFault) -> Credential? {
        var found: [UInt8]?
        for value in values where !value.isEmpty {
            guard value.count <= Credential.maxBytes else { throw .tooLong(place) }
            guard let decoded = PercentEncoding.decode(value) else { throw .malformed(place) }
            guard found == nil || found == decoded else { throw .repeated(place) }
            found = decoded
        }
        guard let found else { return nil }
        return try token(found, in: place)
    }

    private func token(_ bytes: [UInt8], in place: Credential.Place) throws(CredentialFault) -> Credential {
        guard bytes.count <= Credential.maxBytes else { throw .tooLong(place) }
        guard bytes.allSatisfy(ASCII.isVisible) else { throw .malformed(place) }
        return Credential(place: place, proof: .token(bytes))
    }
}
