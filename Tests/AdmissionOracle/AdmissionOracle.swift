import Admission
import Crypto
import Foundation

/// One input of the fuzzer, or of its corpus, held against what must be true of whoever comes in.
///
/// The first byte says what the rest is: a request, the two texts of a JWT that is signed right, a token, a pattern of
/// origins.
package enum AdmissionOracle {
    package static let now: Int64 = 1_800_000_000
    package static let secret = "a secret of more than 32 bytes, shared by both"
    /// Of an agent, and good for an hour from `now` on.
    package static let jwt = token(header: #"{"alg":"HS256"}"#, claims: #"{"sub":"signed","exp":1800003600}"#)

    private static let policy = try? makePolicy()

    /// - Returns: what is wrong, or nil.
    package static func fault(_ input: [UInt8]) -> String? {
        guard let kind = input.first, let policy else { return policy == nil ? "no policy" : nil }
        let rest = Array(input.dropFirst())
        switch kind & 3 {
        case 0: return requestFault(rest, policy)
        case 1: return claimsFault(rest, policy)
        case 2: return tokenFault(rest, policy)
        default: return patternFault(rest)
        }
    }

    package static func token(header: String, claims: String) -> String {
        let signed = Base64URL.encode(header.utf8) + "." + Base64URL.encode(claims.utf8)
        return signed + "." + Base64URL.encode(HMAC.sha256(Array(signed.utf8), key: Array(secret.utf8)))
    }

    private static func makePolicy() throws -> AdmissionPolicy {
        var auth = AuthConfiguration()
        auth.tokens = [NamedToken(name: "shop", token: "s3cr3t+/"), NamedToken(name: "dots", token: "a.b.c")]
        auth.basic = [BasicUser(username: "ann", password: "p:w")]
        auth.jwt = JWTConfiguration(secret: secret)
        return AdmissionPolicy(
            origins: try OriginRules(["https://a.example", "https://*.example.com", "http://[::1]:3000"]),
            authenticator: try Authenticator(auth)
        )
    }

    /// Lines: origins, authorization, cookie, subprotocols, query, path.
    private static func requestFault(_ bytes: [UInt8], _ policy: AdmissionPolicy) -> String? {
        let lines =
            bytes.split(separator: 10, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) } + [String](repeating: "", count: 6)
        let request = AdmissionRequest(
            origins: parts(lines[0], "|"),
            authorization: parts(lines[1], "|"),
            cookies: parts(lines[2], "|"),
            protocols: parts(lines[3], ","),
            query: lines[4].isEmpty ? nil : lines[4],
            pathToken: lines[5].isEmpty ? nil : lines[5]
        )
        let verdict = policy.decide(request, now: now)
        guard case .admitted(let identity) = verdict else { return refusalFault(verdict) }
        if let fault = originFault(request.origins) { return fault }
        let texts = request.authorization + request.cookies + request.protocols + [lines[4], lines[5]]
        let proof =
            switch identity?.name {
            case "shop": texts.contains { decoded($0).contains("s3cr3t+/") }
            case "dots": texts.contains { decoded($0).contains("a.b.c") }
            case "signed": texts.contains { decoded($0).contains(jwt) }
            case "ann": request.authorization.contains { $0.contains(Data("ann:p:w".utf8).base64EncodedString()) }
            default: false
            }
        return proof ? nil : "\(String(describing: identity)) came in by \(lines)"
    }

    private static func parts(_ text: String, _ separator: Character) -> [String] {
        text.split(separator: separator).map(String.init)
    }

    /// As it is, and with what is percent-encoded right decoded.
    private static func decoded(_ text: String) -> String {
        ([text] + text.split(separator: "&").map { $0.removingPercentEncoding ?? "" }).joined(separator: " ")
    }

    private static func originFault(_ origins: [String]) -> String? {
        guard let origin = origins.first?.lowercased() else { return nil }
        if origins.count > 1 { return "two origins: \(origins)" }
        if ["https://a.example", "https://a.example:443"].contains(origin) { return nil }
        if origin.hasPrefix("http://["), origin.hasSuffix("]:3000") { return nil }
        var host = origin
        if host.hasSuffix(":443") { host.removeLast(4) }
        guard host.hasPrefix("https://"), host.hasSuffix(".example.com") else { return "came from \(origin)" }
        let label = host.dropFirst("https://".count).dropLast(".example.com".count)
        let isHost = label.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"/?#@:[]\\*".utf8.contains($0) }
        return isHost && !label.isEmpty ? nil : "came from \(origin)"
    }

    /// What goes to the log and to the client is one line of text, whatever came.
    private static func refusalFault(_ verdict: AdmissionVerdict) -> String? {
        guard case .refused(.credentials(_, let challenge, let detail)) = verdict else { return nil }
        let isPrintable = (challenge + [detail]).allSatisfy { $0.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } }
        return isPrintable ? nil : "\(challenge) \(detail)"
    }

    /// Header and claims, a line between them: who comes in must have claims that Foundation reads the same.
    private static func claimsFault(_ bytes: [UInt8], _ policy: AdmissionPolicy) -> String? {
        let texts = bytes.split(separator: 10, maxSplits: 1, omittingEmptySubsequences: false)
        guard texts.count == 2 else { return nil }
        let signed = Base64URL.encode(texts[0]) + "." + Base64URL.encode(texts[1])
        let code = HMAC.sha256(Array(signed.utf8), key: Array(secret.utf8))
        let verdict = policy.decide(
            AdmissionRequest(authorization: ["Bearer \(signed).\(Base64URL.encode(code))"]),
            now: now
        )
        guard case .admitted(let identity?) = verdict else { return refusalFault(verdict) }
        guard let header = object(texts[0]), let claims = object(texts[1]) else { return "Foundation reads no objects" }
        guard header["alg"] as? String == "HS256", header["crit"] == nil else { return "header \(header)" }
        guard let end = claims["exp"] as? Double, end + 5 > Double(now), let expiry = identity.expiresAt,
            expiry > now, abs(Double(expiry) - end - 5) <= 1
        else { return "claims \(claims), expiresAt \(String(describing: identity.expiresAt))" }
        for name in ["nbf", "iat"] where claims[name] != nil {
            guard let start = claims[name] as? Double, start <= Double(now + 5) else { return "claims \(claims)" }
        }
        let isGood =
            !identity.name.isEmpty && identity.name.utf8.count <= 128
            && identity.name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        return isGood ? nil : "named \(identity.name)"
    }

    private static func object(_ bytes: ArraySlice<UInt8>) -> [String: Any]? {
        (try? JSONSerialization.jsonObject(with: Data(bytes))) as? [String: Any]
    }

    /// Without the secret there is one token that is good.
    private static func tokenFault(_ bytes: [UInt8], _ policy: AdmissionPolicy) -> String? {
        let text = String(decoding: bytes, as: UTF8.self)
        let verdict = policy.decide(AdmissionRequest(authorization: ["Bearer \(text)"]), now: now)
        guard case .admitted = verdict else { return refusalFault(verdict) }
        let bare = text.drop { $0 == " " || $0 == "\t" }
        return [jwt, "s3cr3t+/", "a.b.c"].contains(String(bare)) ? nil : "came in by \(text)"
    }

    /// A pattern that is taken, and is no wildcard, allows itself.
    private static func patternFault(_ bytes: [UInt8]) -> String? {
        let pattern = String(decoding: bytes, as: UTF8.self)
        guard let rules = try? OriginRules([pattern]) else { return nil }
        let policy = AdmissionPolicy(origins: rules)
        let origin = pattern.replacingOccurrences(of: "://*.", with: "://x.y.")
        guard pattern == "*" || policy.allowsOrigin(origin) else { return "\(pattern) does not allow \(origin)" }
        let strangers = ["https://stranger.invalid", "https://\(pattern)", "null"]
        let isOpen = strangers.contains { pattern != $0 && policy.allowsOrigin($0) }
        return isOpen && pattern != "*" ? "\(pattern) allows a stranger" : nil
    }
}
