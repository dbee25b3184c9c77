import Admission
import Crypto
import Testing

/// What a token says of itself. The keys are in `JWTKeyTests`.
@Suite struct JWTTests {
    private let now = Support.now
    private let policy: AdmissionPolicy

    init() throws { policy = try Support.policy(jwt: JWTConfiguration(secret: Support.secret)) }

    private func verdict(
        _ claims: String,
        header: String = #"{"alg":"HS256"}"#,
        leeway: Int = 5,
        issuer: String? = nil,
        audience: String? = nil
    ) throws -> AdmissionVerdict {
        let policy = try Support.policy(
            jwt: JWTConfiguration(secret: Support.secret, issuer: issuer, audience: audience, leeway: leeway)
        )
        return policy.decide(Support.token(claims, header: header))
    }

    @Test func aGoodTokenIsItsSubjectUntilItExpires() {
        let token = Support.token(#"{"sub":"agent-7","exp":1800000060}"#)
        #expect(policy.decide(token) == .admitted(Identity(name: "agent-7", expiresAt: 1_800_000_065)))
    }

    @Test(arguments: [
        AdmissionRequest(cookies: ["token=TOKEN"]), AdmissionRequest(protocols: ["sluice.v1", "token.TOKEN"]),
        AdmissionRequest(query: "token=TOKEN"), AdmissionRequest(pathToken: "TOKEN"),
    ])
    func aTokenMayStandWhereOthersDo(request: AdmissionRequest) {
        let token = Support.token(#"{"sub":"agent","exp":1800000060}"#)
        var request = request
        request.cookies = request.cookies.map { $0.replacing("TOKEN", with: token) }
        request.protocols = request.protocols.map { $0.replacing("TOKEN", with: token) }
        request.query = request.query?.replacing("TOKEN", with: token)
        request.pathToken = request.pathToken?.replacing("TOKEN", with: token)
        #expect(policy.decide(request, now: now).name == "agent")
    }

    @Test(
        arguments: [
            // exp, leeway, now, expiresAt where it is good
            ("1800000000", 0, 1_799_999_999, 1_800_000_000), ("1800000000", 0, 1_800_000_000, nil),
            ("1800000000", 5, 1_800_000_004, 1_800_000_005), ("1800000000", 5, 1_800_000_005, nil),
            ("1800000000", 5, 1_800_000_006, nil), ("1800000000.5", 0, 1_800_000_000, 1_800_000_001),
            ("1800000000.5", 0, 1_800_000_001, nil), ("18e8", 5, 1_800_000_004, 1_800_000_005),
            ("1800000000.0", 1, 1_800_000_000, 1_800_000_001), ("0", 5, 1_800_000_000, nil), ("-1", 5, 4, nil),
            ("9007199254740992", 5, 1_800_000_000, 9_007_199_254_740_997),
        ] as [(String, Int, Int64, Int64?)]
    )
    func expIsHonouredToTheSecond(exp: String, leeway: Int, now: Int64, end: Int64?) throws {
        let policy = try Support.policy(jwt: JWTConfiguration(secret: Support.secret, leeway: leeway))
        let verdict = policy.decide(Support.token(#"{"sub":"a","exp":\#(exp)}"#), now: now)
        if let end {
            #expect(verdict == .admitted(Identity(name: "a", expiresAt: end)))
        } else {
            #expect(verdict.detail?.contains("expired") == true)
        }
    }

    @Test(arguments: [
        ("nbf", "1800000005", true), ("nbf", "1800000005.1", false), ("nbf", "1800000006", false),
        ("nbf", "1", true), ("nbf", "-1", true), ("nbf", "\"1\"", false), ("nbf", "null", false),
        ("iat", "1800000005", true), ("iat", "1800000006", false), ("iat", "1", true), ("iat", "true", false),
    ])
    func nbfAndIatMayNotBeInTheFuture(claim: String, value: String, isGood: Bool) throws {
        let verdict = try verdict(#"{"sub":"a","exp":1800000060,"\#(claim)":\#(value)}"#)
        #expect((verdict.name == "a") == isGood, "\(verdict)")
    }

    @Test(arguments: [
        "{}", #"{"exp":null}"#, #"{"exp":"1800000060"}"#, #"{"exp":true}"#, #"{"exp":[1800000060]}"#,
        #"{"exp":9007199254740994}"#, #"{"exp":1e300}"#, #"{"exp":1e999}"#, #"{"Exp":1800000060}"#,
        #"{"exp":1800000060,"exp":1900000000}"#, #"{"exp":1,"\u0065xp":1900000000}"#, #"[{"exp":1800000060}]"#,
        #""exp""#, "1800000060", "null", #"{"exp":1800000060}{}"#, #"{"exp":1800000060,}"#, #"{'exp':1800000060}"#,
        #"{"exp":01800000060}"#, #"{"exp":+1800000060}"#, #"{"exp":0x6b49d23c}"#, #"{"exp":1800000060."#,
        "\u{FEFF}{\"exp\":1800000060}", #"{"exp":1800000060,"sub":7}"#, #"{"exp":1800000060,"sub":null}"#,
        #"{"exp":1800000060,"client_id":["a"]}"#, #"{"exp":NaN}"#, #"{"exp":Infinity}"#, #"{"exp":-}"#,
    ])
    func withoutAnExpThatIsANumberAndGoodClaimsNobodyComesIn(claims: String) throws {
        #expect(try verdict(claims).detail?.contains("no good JWT") == true)
    }

    @Test(arguments: [
        (#""iss":"https://a.example","#, true), (#""iss":"https://a.example/","#, false), ("", false),
        (#""iss":["https://a.example"],"#, false), (#""iss":null,"#, false), (#""iss":"HTTPS://a.example","#, false),
    ])
    func theIssuerMustBeTheOneThatIsAskedFor(claim: String, isGood: Bool) throws {
        let claims = #"{\#(claim)"sub":"a","exp":1800000060}"#
        #expect(try (verdict(claims, issuer: "https://a.example").name == "a") == isGood)
    }

    @Test(arguments: [
        (#""aud":"logs","#, true), (#""aud":["other","logs"],"#, true), (#""aud":["other"],"#, false),
        (#""aud":[],"#, false), ("", false), (#""aud":"logs2","#, false), (#""aud":["logs",7],"#, false),
        (#""aud":{"logs":1},"#, false), (#""aud":"LOGS","#, false),
    ])
    func theAudienceMustHoldTheOneThatIsAskedFor(claim: String, isGood: Bool) throws {
        let claims = #"{\#(claim)"sub":"a","exp":1800000060}"#
        #expect(try (verdict(claims, audience: "logs").name == "a") == isGood)
    }

    @Test func withoutSettingsIssuerAndAudienceAreNotLookedAt() throws {
        #expect(try verdict(#"{"iss":"x","aud":"y","sub":"a","exp":1800000060}"#).name == "a")
    }

    @Test(arguments: [
        (#""sub":"a","client_id":"b""#, "a"), (#""client_id":"b""#, "b"), (#""sub":"","client_id":"b""#, "b"),
        (#""jti":"c""#, "jwt"), (#""sub":"a b%\n\u00e9\u0000""#, "a%20b%25%0A%C3%A9%00"),
        (#""sub":"auth0|5f7c8ec7c33c6c004bbafe82""#, "auth0|5f7c8ec7c33c6c004bbafe82"),
        (#""sub":"\ud83d\ude00""#, "%F0%9F%98%80"),
    ])
    func theNameIsTheSubjectInVisibleASCII(claims: String, name: String) throws {
        #expect(try verdict(#"{\#(claims),"exp":1800000060}"#).name == name)
    }

    @Test func aLongNameIsCutAndStaysApartFromOthers() throws {
        let long = String(repeating: "é", count: 200)
        let names = try ["x", "y"].map { try verdict(#"{"sub":"\#(long)\#($0)","exp":1800000060}"#).name }
        #expect(names[0] != names[1])
        for name in names {
            #expect(name?.utf8.count == 128)
            #expect(name?.hasPrefix("%C3%A9%C3%A9") == true)
        }
        let exact = String(repeating: "x", count: 128)
        #expect(try verdict(#"{"sub":"\#(exact)","exp":1800000060}"#).name == exact)
    }

    @Test(arguments: [
        #"{"alg":"none"}"#, #"{"alg":"None"}"#, #"{"alg":"hs256"}"#, #"{"alg":"HS384"}"#, #"{"alg":"RS256"}"#,
        #"{"alg":"ES256"}"#, #"{"alg":""}"#, #"{"alg":null}"#, #"{"alg":["HS256"]}"#, #"{"typ":"JWT"}"#, "{}",
        #"{"alg":"HS256","alg":"HS256"}"#, #"{"alg":"HS256","crit":["exp"]}"#, #"{"alg":"HS256","crit":null}"#,
        #"{"alg":"HS256","kid":7}"#, #"{"alg":"HS256","kid":null}"#, "[]", "HS256", "", #"{"alg":"HS256""#,
        #"{"alg":"HS256"} x"#, #"{"alg":"HS256\u0000"}"#,
    ])
    func headersThatAreNotTaken(header: String) throws {
        let verdict = try verdict(#"{"sub":"a","exp":1800000060}"#, header: header)
        #expect(verdict.detail?.contains("no good JWT") == true, "\(verdict)")
    }

    @Test(arguments: [
        #"{"alg":"HS256","typ":"JWT"}"#, #"{"alg":"HS256","typ":"at+jwt","kid":"any","x5t":"abc"}"#,
        #" { "kid" : "any" , "\u0061lg" : "HS256" } "#,
    ])
    func headersThatAreTaken(header: String) throws {
        #expect(try verdict(#"{"sub":"a","exp":1800000060}"#, header: header).name == "a")
    }

    @Test func aTokenWithAChangedBitIsRefused() {
        let token = Array(Support.token(#"{"sub":"agent","exp":1800000060}"#).utf8)
        for index in token.indices {
            for bit: UInt8 in [1, 2, 4, 8, 16, 32] {
                var changed = token
                changed[index] ^= bit
                let verdict = policy.decide(String(decoding: changed, as: UTF8.self))
                #expect(verdict.name == nil, "byte \(index)")
            }
        }
        for count in 0..<token.count {
            #expect(policy.decide(String(decoding: token.prefix(count), as: UTF8.self)).name == nil)
        }
    }

    @Test func partsOfTwoTokensMakeNone() {
        let one = Support.token(#"{"sub":"a","exp":1800000060}"#).split(separator: ".")
        let two = Support.token(#"{"sub":"b","exp":1800000060}"#).split(separator: ".")
        for parts in [
            [one[0], two[1], one[2]], [one[0], one[1], two[2]], [one[0], one[1]], [one[0], one[1], one[2], one[2]],
            [one[0], one[1], one[2] + "="], [one[0], one[1], one[2] + "A"], [one[0], one[2], one[1]],
        ] {
            #expect(policy.decide(parts.joined(separator: ".")).name == nil)
        }
        for text in ["\(one[0]).\(one[1]).", ".\(one[1]).\(one[2])", "..", ".", "\(one[0])..\(one[2])"] {
            #expect(policy.decide(text).name == nil)
        }
    }

    @Test func aTokenOfAnotherSecretIsRefused() {
        let token = Support.token(#"{"sub":"a","exp":1800000060}"#, secret: Support.secret + "!")
        #expect(
            policy.decide(token).detail
                == "the token in the Authorization field is no good JWT: no key made its signature"
        )
    }

    @Test func aHugeTokenIsRefusedUnread() {
        let token = Support.token(#"{"sub":"\#(String(repeating: "x", count: 8000))","exp":1800000060}"#)
        #expect(policy.decide(token).detail?.contains("longer than 8192 bytes") == true)
        let deep = Support.token(String(repeating: #"{"a":"#, count: 1000))
        #expect(policy.decide(deep).detail?.contains("nested too deeply") == true)
    }

    @Test func aListedTokenNeedNotBeAJWT() throws {
        let policy = try Support.policy {
            $0.tokens = [NamedToken(name: "old", token: "a.b.c")]
            $0.jwt = JWTConfiguration(secret: Support.secret)
        }
        #expect(policy.decide("a.b.c") == .admitted(Identity(name: "old")))
        #expect(policy.decide(Support.token(#"{"sub":"new","exp":1800000060}"#)).name == "new")
        #expect(policy.decide("a.b.d").name == nil)
    }
}
