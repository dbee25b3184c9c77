import Admission
import Foundation
import Testing

/// Tokens that PyJWT signed (`Fixtures/make.py`), and the keys of a file.
@Suite struct JWTKeyTests {
    private struct Tokens: Decodable {
        let good: [String: String]
        let bad: [String: String]
    }

    private let policy: AdmissionPolicy
    private let tokens: Tokens

    init() throws {
        policy = try Support.policy(
            jwt: JWTConfiguration(
                jwksFile: try Support.path("keys.json"),
                issuer: "https://issuer.example",
                audience: "logs"
            )
        )
        let data = try Data(contentsOf: URL(filePath: try Support.path("tokens.json")))
        tokens = try JSONDecoder().decode(Tokens.self, from: data)
    }

    @Test func tokensOfEveryKindAreTaken() {
        #expect(tokens.good.count == 8)
        for (name, token) in tokens.good {
            let verdict = policy.decide(token)
            #expect(verdict == .admitted(Identity(name: "agent", expiresAt: Support.now + 3605)), "\(name): \(verdict)")
            #expect(policy.decide(token, now: Support.now + 3605).name == nil, "\(name)")
        }
    }

    @Test func tokensThatClaimWhatTheKeyDoesNotAreRefused() {
        #expect(tokens.bad.count == 28)
        for (name, token) in tokens.bad {
            #expect(policy.decide(token).detail?.contains("no good JWT") == true, "\(name)")
        }
    }

    @Test func withTheSecretAloneNoOtherKindIsTaken() throws {
        let policy = try Support.policy(jwt: JWTConfiguration(secret: Support.secret))
        for (name, token) in tokens.good {
            #expect((policy.decide(token).name == "agent") == name.hasPrefix("hs256"), "\(name)")
        }
        for (name, token) in tokens.bad {
            #expect(policy.decide(token).name == nil, "\(name)")
        }
    }

    @Test func changedTokensAreRefused() {
        for (name, token) in tokens.good {
            let bytes = Array(token.utf8)
            for index in stride(from: 0, to: bytes.count, by: 7) {
                var changed = bytes
                changed[index] = changed[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
                #expect(policy.decide(String(decoding: changed, as: UTF8.self)).name == nil, "\(name) at \(index)")
            }
        }
    }

    @Test func theKeyNamesWhoHasNoSubject() throws {
        let keys = #"{"keys":[{"kty":"oct","kid":"edge 1","k":"\#(JWTKeyTests.encodedSecret)"}]}"#
        let token = Support.token(#"{"exp":1800000060}"#)
        let policy = try Support.withFile(keys) { try Support.policy(jwt: JWTConfiguration(jwksFile: $0)) }
        #expect(policy.decide(token).name == "edge%201")
    }

    @Test func ofManyKeysWithoutANameSixteenAreTried() throws {
        let others = (1...16).map { #"{"kty":"oct","kid":"o","k":"\#(JWTKeyTests.secret(of: UInt8($0)))"}"# }
        let ours = #"{"kty":"oct","kid":"ours","k":"\#(JWTKeyTests.encodedSecret)"}"#
        func policy(_ keys: [String]) throws -> AdmissionPolicy {
            try Support.withFile(#"{"keys":[\#(keys.joined(separator: ","))]}"#) {
                try Support.policy(jwt: JWTConfiguration(jwksFile: $0))
            }
        }
        let anonymous = Support.token(#"{"sub":"a","exp":1800000060}"#)
        let named = Support.token(#"{"sub":"a","exp":1800000060}"#, header: #"{"alg":"HS256","kid":"ours"}"#)
        #expect(try policy(others.dropLast() + [ours]).decide(anonymous).name == "a")
        #expect(try policy(others + [ours]).decide(anonymous).name == nil)
        #expect(try policy(others + [ours]).decide(named).name == "a")
    }

    @Test(arguments: [
        ("", "is no JSON from byte 0 on"), ("[]", "is no JSON web key set"),
        (#"{"keys":{}}"#, "is no JSON web key set"),
        (#"{"keys":[],"keys":[]}"#, "has a member twice"), (#"{"keys":[]}"#, "has no key that can be used"),
        (#"{"keys":[7]}"#, "key 1: is no object"), (#"{"kty":"oct"}"#, "is no JSON web key set"),
        (#"{"keys":[{"kty":"OKP"},{"kty":"EC","crv":"P-384"},{"kty":"oct","use":"enc","k":"AA"}]}"#, "has no key"),
        (#"{"keys":[{"kty":"oct","alg":"HS512","k":"AA"},{"kty":"oct","key_ops":["sign"],"k":"AA"}]}"#, "has no key"),
        (
            #"{"keys":[{"kty":"OKP"},{"kty":"oct","kid":"k 1","k":"c2hvcnQ"}]}"#,
            "key 2 (kid k%201): the secret has 5 bytes"
        ),
        (#"{"keys":[{"kty":"oct"}]}"#, "key 1: lacks its numbers"),
        (#"{"keys":[{"kty":"oct","k":"not base64"}]}"#, "key 1: lacks its numbers"),
        (#"{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]}"#, "key 1: the RSA key has 17 bits"),
        (#"{"keys":[{"kty":"RSA","n":"AQAB"}]}"#, "key 1: lacks its numbers"),
        (#"{"keys":[{"kty":"EC","crv":"P-256","x":"AQAB","y":"AQAB"}]}"#, "key 1: the coordinates are no point"),
        (
            #"""
            {"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "y":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"}]}
            """#, "key 1: the coordinates are no point"
        ),
    ])
    func aFileOfKeysThatCannotBeUsedIsAnErrorThatNamesIt(text: String, words: String) throws {
        try Support.withFile(text) { path in
            let error = #expect(throws: AdmissionError.self) {
                try Support.policy(jwt: JWTConfiguration(jwksFile: path))
            }
            let said = "\(try #require(error))"
            #expect(said.hasPrefix(path) && said.contains(words), "\(said)")
        }
    }

    private static func secret(of byte: UInt8) -> String {
        Data(repeating: byte, count: 33).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_")
    }

    private static var encodedSecret: String {
        Data(Support.secret.utf8).base64EncodedString().replacing("=", with: "")
    }
}
