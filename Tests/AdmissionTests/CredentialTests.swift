import Admission
import Crypto
import Testing

/// Where a credential may stand, and which one counts.
@Suite struct CredentialTests {
    private let policy: AdmissionPolicy
    private let tokensOnly: AdmissionPolicy
    private let basicOnly: AdmissionPolicy

    init() throws {
        policy = try Support.policy {
            $0.tokens = [NamedToken(name: "shop", token: "s3cr3t"), NamedToken(token: "a+b/c%==")]
            $0.basic = [
                BasicUser(username: "ann", password: "pass: wörd"), BasicUser(username: "bob ☃", password: "x"),
            ]
        }
        tokensOnly = try Support.policy { $0.tokens = [NamedToken(name: "shop", token: "s3cr3t")] }
        basicOnly = try Support.policy { $0.basic = [BasicUser(username: "ann", password: "pw")] }
    }

    private func basic(_ pair: String) -> String { "Basic " + Base64.encode(Array(pair.utf8)) }

    @Test(arguments: [
        AdmissionRequest(authorization: ["Bearer s3cr3t"]),
        AdmissionRequest(authorization: ["bearer s3cr3t"]),
        AdmissionRequest(authorization: ["BEARER   s3cr3t"]),
        AdmissionRequest(cookies: ["token=s3cr3t"]),
        AdmissionRequest(protocols: ["token.s3cr3t"]),
        AdmissionRequest(protocols: ["sluice.v1", "token.s3cr3t", "chat"]),
        AdmissionRequest(protocols: ["token.s3cr3t", "token.s3cr3t"]),
        AdmissionRequest(protocols: ["token.%73%33cr3t"]),
        AdmissionRequest(query: "token=s3cr3t"),
        AdmissionRequest(query: "a=b&token=%733cr3t&c"),
        AdmissionRequest(query: "token=s3cr3t&token=s3cr3t"),
        AdmissionRequest(query: "token=&token=s3cr3t"),
        AdmissionRequest(pathToken: "s3cr3t"),
        AdmissionRequest(pathToken: "s3%63r3t"),
    ])
    func aTokenIsFoundInEveryPlace(request: AdmissionRequest) {
        #expect(policy.decide(request, now: 0) == .admitted(Identity(name: "shop")))
        #expect(tokensOnly.decide(request, now: 0) == .admitted(Identity(name: "shop")))
    }

    @Test func aTokenMayHaveBytesThatURLsEncode() {
        let name = SecretDigest(of: Array("a+b/c%==".utf8)).fingerprint
        for request in [
            AdmissionRequest(authorization: ["Bearer a+b/c%=="]), AdmissionRequest(cookies: ["x=1; token=a+b/c%=="]),
            AdmissionRequest(protocols: ["token.a+b%2Fc%25%3D%3d"]), AdmissionRequest(query: "token=a+b/c%25=="),
            AdmissionRequest(pathToken: "a+b%2Fc%25=="),
        ] {
            #expect(policy.decide(request, now: 0).name == name)
        }
    }

    @Test(arguments: [
        AdmissionRequest(),
        AdmissionRequest(cookies: [""]),
        AdmissionRequest(cookies: ["token", "token=", "token=\"\"", "token = s3cr3t", "Token=s3cr3t", "xtoken=s3cr3t"]),
        AdmissionRequest(protocols: ["sluice.v1", "token", "token.", "Token.s3cr3t", "xtoken.s3cr3t"]),
        AdmissionRequest(query: ""),
        AdmissionRequest(query: "token"),
        AdmissionRequest(query: "token=&Token=s3cr3t&xtoken=s3cr3t&t%6Fken=s3cr3t;token=s3cr3t"),
        AdmissionRequest(pathToken: ""),
        AdmissionRequest(authorization: ["Negotiate YII="]),
        AdmissionRequest(authorization: ["Digest username=ann"]),
        AdmissionRequest(authorization: [""]),
        AdmissionRequest(authorization: ["s3cr3t"]),
    ])
    func whatIsNoCredentialIsMissing(request: AdmissionRequest) {
        let verdict = policy.decide(request, now: 0)
        guard case .refused(.credentials(true, let challenge, let detail)) = verdict else {
            Issue.record("\(verdict)")
            return
        }
        #expect(challenge == ["Bearer realm=\"sluice\"", "Basic realm=\"sluice\", charset=\"UTF-8\""])
        #expect(detail.hasPrefix("no credential"))
    }

    @Test(arguments: [
        (AdmissionRequest(authorization: ["Bearer wrong"]), "Authorization field is none of ours"),
        (AdmissionRequest(authorization: ["Bearer"]), "malformed"),
        (AdmissionRequest(authorization: ["Bearer  "]), "malformed"),
        (AdmissionRequest(authorization: ["Bearer s3cr3t s3cr3t"]), "malformed"),
        (AdmissionRequest(authorization: ["Bearer s3cr3t "]), "malformed"),
        (AdmissionRequest(authorization: ["Bearer s3cr3t\u{7F}"]), "malformed"),
        (AdmissionRequest(authorization: ["Bearer s3cr3t", "Bearer s3cr3t"]), "more than one"),
        (AdmissionRequest(authorization: ["Basic"]), "malformed"),
        (AdmissionRequest(authorization: ["Basic !"]), "malformed"),
        (AdmissionRequest(authorization: ["Basic YW5u"]), "malformed"),
        (AdmissionRequest(cookies: ["token=wrong"]), "cookie is none of ours"),
        (AdmissionRequest(cookies: ["token=s3cr3t s3cr3t"]), "malformed"),
        (AdmissionRequest(protocols: ["token.wrong"]), "subprotocol list is none of ours"),
        (AdmissionRequest(protocols: ["token.s3cr3t", "token.other"]), "more than one"),
        (AdmissionRequest(protocols: ["token.%zz"]), "malformed"),
        (AdmissionRequest(query: "token=wrong"), "query is none of ours"),
        (AdmissionRequest(query: "token=s3cr3t&token=wrong"), "more than one"),
        (AdmissionRequest(query: "token=s3cr3t%"), "malformed"),
        (AdmissionRequest(query: "token=s3cr3t%2"), "malformed"),
        (AdmissionRequest(query: "token=s3cr3t%00"), "malformed"),
        (AdmissionRequest(query: "token=s3cr3t+"), "none of ours"),
        (AdmissionRequest(pathToken: "wrong"), "path is none of ours"),
        (AdmissionRequest(pathToken: "s3cr3t%0"), "malformed"),
    ])
    func whatIsWrongIsRefusedAndSaysWhereItStood(request: AdmissionRequest, words: String) {
        let verdict = policy.decide(request, now: 0)
        guard case .refused(.credentials(false, let challenge, let detail)) = verdict else {
            Issue.record("\(verdict)")
            return
        }
        #expect(
            challenge == [
                "Bearer realm=\"sluice\", error=\"invalid_token\"", "Basic realm=\"sluice\", charset=\"UTF-8\"",
            ]
        )
        #expect(detail.contains(words), "\(detail)")
        #expect(!detail.contains("wrong") && !detail.contains("s3cr3t"))
    }

    @Test func theFirstPlaceCountsEvenWhereItIsWrong() {
        let all = AdmissionRequest(
            authorization: ["Bearer wrong"],
            cookies: ["token=wrong"],
            protocols: ["token.wrong"],
            query: "token=wrong",
            pathToken: "s3cr3t"
        )
        let places = ["Authorization field", "cookie", "subprotocol list", "query"]
        var request = all
        for place in places {
            #expect(policy.decide(request, now: 0).detail?.contains(place) == true)
            switch place {
            case "Authorization field": request.authorization = []
            case "cookie": request.cookies = []
            case "subprotocol list": request.protocols = []
            default: request.query = nil
            }
        }
        #expect(policy.decide(request, now: 0).name == "shop")
        request = all
        request.authorization = ["Bearer s3cr3t"]
        #expect(policy.decide(request, now: 0).name == "shop")
    }

    @Test(arguments: [
        (["token=s3cr3t"], true), (["a=b; token=s3cr3t; c=d"], true), (["a=b;token=s3cr3t"], true),
        (["a=b", "token=s3cr3t"], true), (["token=\"s3cr3t\""], true), ([" \ttoken=s3cr3t \t"], true),
        (["a; ;;=;token=s3cr3t"], true), (["token=; token=s3cr3t"], true), (["token=s3cr3t; token=wrong"], true),
        (["token=s3cr3t,token=s3cr3t"], false), (["token=\"s3cr3t"], false), (["token=s3cr3t\""], false),
        (["token=\"\"s3cr3t\"\""], false), (["token=wrong; token=s3cr3t"], false), (["a=token=s3cr3t"], false),
        (["token==s3cr3t"], false), (["token= s3cr3t"], false), (["token=s3cr3%74"], false), (["token=\""], false),
        (["a=\"x; token=s3cr3t; \""], true), (["tok\u{212A}en=s3cr3t"], false), (["token=s3cr3t\u{301}"], false),
    ])
    func cookiesAreReadByRFC6265(fields: [String], isGood: Bool) {
        #expect((policy.decide(AdmissionRequest(cookies: fields), now: 0).name == "shop") == isGood)
    }

    @Test func theCookieHasTheNameThatIsSet() throws {
        let renamed = try Support.policy {
            $0.tokens = [NamedToken(name: "shop", token: "s3cr3t")]
            $0.cookie = "__Host-log"
        }
        #expect(renamed.decide(AdmissionRequest(cookies: ["token=wrong; __Host-log=s3cr3t"]), now: 0).name == "shop")
        let off = try Support.policy {
            $0.tokens = [NamedToken(name: "shop", token: "s3cr3t")]
            $0.cookie = ""
        }
        let request = AdmissionRequest(cookies: ["token=s3cr3t", "=s3cr3t", "s3cr3t"])
        #expect(off.decide(request, now: 0).isMissing)
    }

    @Test func usersComeInWithTheirPasswords() {
        for scheme in ["Basic", "basic", "BASIC "] {
            let field = scheme + basic("ann:pass: wörd").dropFirst("Basic".utf8.count)
            #expect(policy.decide(AdmissionRequest(authorization: [field]), now: 0).name == "ann")
        }
        let other = AdmissionRequest(authorization: [basic("bob ☃:x")])
        #expect(policy.decide(other, now: 0).name == "bob%20%E2%98%83")
        for pair in ["ann:", "ann:pass: word", "ann:pass: wörd ", "Ann:pass: wörd", ":", "bob:x", "an:n"] {
            let verdict = policy.decide(AdmissionRequest(authorization: [basic(pair)]), now: 0)
            #expect(verdict.detail == "no such user and password")
        }
    }

    @Test func aSchemeThatIsNotTakenIsPassedOver() {
        let page = AdmissionRequest(authorization: [basic("ann:pw")], protocols: ["token.s3cr3t"])
        #expect(tokensOnly.decide(page, now: 0).name == "shop")
        #expect(policy.decide(page, now: 0).detail == "no such user and password")
        let bearer = AdmissionRequest(authorization: ["Bearer s3cr3t"], query: "token=s3cr3t")
        #expect(basicOnly.decide(bearer, now: 0).isMissing)
        #expect(
            basicOnly.decide(bearer, now: 0)
                == .refused(
                    .credentials(
                        missing: true,
                        challenge: ["Basic realm=\"sluice\", charset=\"UTF-8\""],
                        detail: "no credential but an Authorization of a scheme that is not taken here"
                    )
                )
        )
        guard case .refused(.credentials(_, let challenge, _)) = tokensOnly.decide(AdmissionRequest(), now: 0) else {
            Issue.record("admitted")
            return
        }
        #expect(challenge == ["Bearer realm=\"sluice\""])
    }

    @Test func aCredentialOfMoreThanEightKibibytesIsRefused() throws {
        let longest = String(repeating: "x", count: 8192)
        let policy = try Support.policy {
            $0.tokens = [NamedToken(name: "long", token: longest)]
            $0.basic = [BasicUser(username: "ann", password: "pw")]
        }
        let encoded = String(repeating: "%78", count: 2731)
        for token in [longest, longest + "x"] {
            for request in [
                AdmissionRequest(authorization: ["Bearer \(token)"]), AdmissionRequest(cookies: ["token=\(token)"]),
                AdmissionRequest(protocols: ["token.\(token)"]), AdmissionRequest(query: "token=\(token)"),
                AdmissionRequest(pathToken: token),
            ] {
                let verdict = policy.decide(request, now: 0)
                #expect(token == longest ? verdict.name == "long" : verdict.detail?.contains("longer than") == true)
            }
        }
        let requests = [
            AdmissionRequest(query: "token=\(encoded)"),
            AdmissionRequest(authorization: [basic("ann:" + String(repeating: "x", count: 8192))]),
        ]
        for request in requests {
            #expect(policy.decide(request, now: 0).detail?.contains("longer than") == true)
        }
    }
}
