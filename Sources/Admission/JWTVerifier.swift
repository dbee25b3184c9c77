internal import Crypto

/// Decides whether a JSON web token is good, and who it is (RFC 7519 section 7.2, RFC 8725).
struct JWTVerifier: Sendable {
    /// More keys are not tried for one token.
    private static let mostTried = 16
    private static let leeways = 0...5

    private let keys: [VerificationKey]
    private let issuer: String?
    private let audience: String?
    private let leeway: Int64

    /// Reads the file of keys.
    init(_ configuration: JWTConfiguration) throws(AdmissionError) {
        guard JWTVerifier.leeways.contains(configuration.leeway) else {
            throw .setting(key: "jwt.leeway", problem: "is 0 to \(JWTVerifier.leeways.upperBound) seconds")
        }
        if configuration.issuer == "" { throw .setting(key: "jwt.issuer", problem: "is empty") }
        if configuration.audience == "" { throw .setting(key: "jwt.audience", problem: "is empty") }
        keys = try JWTVerifier.keys(configuration)
        issuer = configuration.issuer
        audience = configuration.audience
        leeway = Int64(configuration.leeway)
    }

    /// - Parameter now: unix seconds.
    func identity(of text: [UInt8], now: Int64) throws(JWTFault) -> Identity {
        let token = try JWTToken(text)
        guard let key = try signer(of: token) else { throw .signature }
        let claims = try token.claims()
        let expiry = try checkTimes(claims, now: now)
        if let issuer, try !same(claims.text("iss"), issuer) { throw .issuer }
        if let audience, try !JWTVerifier.audiences(claims).contains(where: { same($0, audience) }) {
            throw .audience
        }
        let names = [try claims.text("sub"), try claims.text("client_id"), key.name]
        let name = names.compactMap { $0 }.first { !$0.isEmpty } ?? "jwt"
        return Identity(name: IdentityName.cleaned(name), expiresAt: expiry)
    }

    /// The key decides about the algorithm: of the token's own word for it only that it is the key's counts.
    private func signer(of token: JWTToken) throws(JWTFault) -> VerificationKey? {
        let fitting = keys.filter { candidate in
            guard candidate.key.algorithm == token.algorithm.signature else { return false }
            guard let wanted = token.keyName, let name = candidate.name else { return true }
            return same(name, wanted)
        }
        guard !fitting.isEmpty else { throw .unknownKey(algorithm: token.algorithm.rawValue, name: token.keyName) }
        return fitting.prefix(JWTVerifier.mostTried).first { $0.key.verifies(token.signature, of: token.signed) }
    }

    /// - Returns: the second from which on the token is not good any more.
    private func checkTimes(_ claims: JSONObject, now: Int64) throws(JWTFault) -> Int64 {
        guard let expiry = try claims.date("exp") else { throw .member("exp") }
        let end = Int64(expiry.rounded(.up)) + leeway
        guard now < end else { throw .expired(at: expiry) }
        let latest = Double(now + leeway)
        if let start = try claims.date("nbf"), start > latest { throw .notYetValid(from: start) }
        if let issued = try claims.date("iat"), issued > latest { throw .issuedLater(at: issued) }
        return end
    }

    /// One text, or several (RFC 7519 section 4.1.3).
    private static func audiences(_ claims: JSONObject) throws(JWTFault) -> [String] {
        guard case .array(let values)? = claims["aud"] else { return [try claims.text("aud")].compactMap { $0 } }
        var texts: [String] = []
        for value in values {
            guard case .string(let text) = value else { throw .member("aud") }
            texts.append(text)
        }
        return texts
    }

    private static func keys(_ configuration: JWTConfiguration) throws(AdmissionError) -> [VerificationKey] {
        switch (configuration.jwksFile, configuration.secret) {
        case (nil, nil): throw .setting(key: "jwt", problem: "needs jwks_file or secret: the keys that sign tokens")
        case (_?, _?): throw .setting(key: "jwt", problem: "has both jwks_file and secret; one of them is right")
        case (let path?, nil): return try JSONWebKeySet.read(path)
        case (nil, let secret?):
            do throws(SignatureKeyError) {
                return [VerificationKey(name: nil, key: try .hmacSHA256(secret: Array(secret.utf8)))]
            } catch {
                throw .setting(key: "jwt.secret", problem: "\(error)")
            }
        }
    }

    /// Byte by byte: `==` of texts would take canonically equivalent ones for the same.
    private func same(_ one: String?, _ other: String) -> Bool { one?.utf8.elementsEqual(other.utf8) ?? false }
}
