import Admission
import Crypto
import Foundation
import Testing

/// What the tests of this room share.
enum Support {
    /// Unix seconds, of the fixtures as well.
    static let now: Int64 = 1_800_000_000
    static let secret = "a secret of more than 32 bytes, shared by both"

    /// An HS256 token of these texts.
    static func token(
        _ claims: String,
        header: String = #"{"alg":"HS256"}"#,
        secret: String = secret
    ) -> String {
        let signed = Base64URL.encode(header.utf8) + "." + Base64URL.encode(claims.utf8)
        return signed + "." + Base64URL.encode(HMAC.sha256(Array(signed.utf8), key: Array(secret.utf8)))
    }

    static func policy(
        _ change: (inout AuthConfiguration) -> Void
    ) throws -> AdmissionPolicy {
        var configuration = AuthConfiguration()
        change(&configuration)
        return AdmissionPolicy(authenticator: try Authenticator(configuration))
    }

    static func policy(jwt: JWTConfiguration) throws -> AdmissionPolicy { try policy { $0.jwt = jwt } }

    static func path(_ name: String) throws -> String {
        try #require(Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: nil)).path
    }

    /// Gives the body a file with this text.
    static func withFile<Result>(_ text: String, _ body: (String) throws -> Result) throws -> Result {
        let path = FileManager.default.temporaryDirectory.appending(path: "admission-\(UUID()).txt").path
        try Data(text.utf8).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try body(path)
    }

    static func dumped(_ value: some Any) -> String {
        var text = "\(value) \(String(reflecting: value)) "
        dump(value, to: &text)
        return text
    }
}

extension AdmissionPolicy {
    func decide(_ token: String, now: Int64 = Support.now) -> AdmissionVerdict {
        decide(AdmissionRequest(authorization: ["Bearer \(token)"]), now: now)
    }
}

extension AdmissionVerdict {
    /// Who was let in, or nil.
    var name: String? {
        guard case .admitted(let identity) = self else { return nil }
        return identity?.name
    }

    /// Why credentials were refused, or nil.
    var detail: String? {
        guard case .refused(.credentials(_, _, let detail)) = self else { return nil }
        return detail
    }

    var isMissing: Bool {
        guard case .refused(.credentials(let missing, _, _)) = self else { return false }
        return missing
    }
}
