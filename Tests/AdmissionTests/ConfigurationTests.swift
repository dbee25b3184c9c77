import Admission
import Testing

/// What is wrong with a configuration is said, and what is secret in it is not.
@Suite struct ConfigurationTests {
    private static let long = String(repeating: "x", count: 8193)

    @Test(arguments: [
        (AuthConfiguration(), "auth.tokens: is missing"),
        (
            AuthConfiguration(tokens: [NamedToken(token: "ok"), NamedToken(token: "")]),
            "auth.tokens[1]: the token is empty"
        ),
        (AuthConfiguration(tokens: [NamedToken(token: "hush hush")]), "auth.tokens[0]: a token has no spaces"),
        (AuthConfiguration(tokens: [NamedToken(token: "hüsh")]), "auth.tokens[0]: a token has no spaces"),
        (AuthConfiguration(tokens: [NamedToken(token: long)]), "auth.tokens[0]: the token is longer than 8192"),
        (
            AuthConfiguration(tokens: [NamedToken(name: "a b", token: "hush")]),
            "auth.tokens[0]: a name is visible ASCII"
        ),
        (AuthConfiguration(tokens: [NamedToken(name: "", token: "hush")]), "auth.tokens[0]: a name is visible ASCII"),
        (
            AuthConfiguration(tokens: [NamedToken(name: "a", token: "hush"), NamedToken(name: "b", token: "hush")]),
            "auth.tokens: one token has two names: a and b"
        ),
        (AuthConfiguration(tokensFile: "/nowhere/tokens"), "/nowhere/tokens: cannot be read: No such file"),
        (AuthConfiguration(tokensFile: "/"), "/: cannot be read: Is a directory"),
        (AuthConfiguration(basic: [BasicUser(username: "", password: "hush")]), "auth.basic[0]: the username is empty"),
        (AuthConfiguration(basic: [BasicUser(username: "a", password: "")]), "auth.basic[0]: the password is empty"),
        (
            AuthConfiguration(basic: [BasicUser(username: "a:b", password: "hush")]),
            "auth.basic[0]: a username has no colon"
        ),
        (AuthConfiguration(basic: [BasicUser(username: "a", password: "hush\n")]), "auth.basic[0]: neither"),
        (
            AuthConfiguration(basic: [BasicUser(username: "a", password: long)]),
            "auth.basic[0]: username and password are"
        ),
        (AuthConfiguration(tokens: [NamedToken(token: "hush")], cookie: "a=b"), "auth.cookie: is no name"),
        (AuthConfiguration(tokens: [NamedToken(token: "hush")], cookie: "a b"), "auth.cookie: is no name"),
        (AuthConfiguration(jwt: JWTConfiguration()), "auth.jwt: needs jwks_file or secret"),
        (AuthConfiguration(jwt: JWTConfiguration(jwksFile: "x", secret: "hush")), "auth.jwt: has both"),
        (AuthConfiguration(jwt: JWTConfiguration(jwksFile: "/nowhere/keys")), "/nowhere/keys: cannot be read"),
        (AuthConfiguration(jwt: JWTConfiguration(secret: "hush")), "auth.jwt.secret: the secret has 4 bytes"),
        (
            AuthConfiguration(jwt: JWTConfiguration(secret: String(repeating: "hush", count: 8), leeway: 6)),
            "auth.jwt.leeway: is 0 to 5 seconds"
        ),
        (
            AuthConfiguration(jwt: JWTConfiguration(secret: String(repeating: "hush", count: 8), issuer: "")),
            "auth.jwt.issuer: is empty"
        ),
        (
            AuthConfiguration(jwt: JWTConfiguration(secret: String(repeating: "hush", count: 8), audience: "")),
            "auth.jwt.audience: is empty"
        ),
    ])
    func whatIsWrongIsNamed(configuration: AuthConfiguration, words: String) throws {
        let error = #expect(throws: AdmissionError.self) { try Authenticator(configuration) }
        let said = "\(try #require(error))"
        #expect(said.contains(words), "\(said)")
        #expect(!said.contains("hush") && !said.contains("xxxx"))
    }

    @Test func tokensComeFromTheListAndFromTheFile() throws {
        let text = """
            # tokens of the shops
            plain-token
            shop-1 token-1\r
              \t
            \tshop-2 \t token-2  \r
            shop-1\ttoken-3
            #shop-3 token-4
            shop-1 token-1
            """
        let policy = try Support.withFile(text) { path in
            try Support.policy {
                $0.tokens = [NamedToken(name: "listed", token: "token-0")]
                $0.tokensFile = path
            }
        }
        #expect(policy.decide("token-0").name == "listed")
        #expect(policy.decide("plain-token").name?.utf8.count == 8)
        #expect(policy.decide("token-1").name == "shop-1")
        #expect(policy.decide("token-2").name == "shop-2")
        #expect(policy.decide("token-3").name == "shop-1")
        for wrong in ["token-4", "shop-1", "#", "", "token-1\r", "plain"] {
            #expect(policy.decide(wrong).name == nil)
        }
    }

    @Test func anEmptyFileLetsNobodyIn() throws {
        let policy = try Support.withFile("# all revoked\n") { path in try Support.policy { $0.tokensFile = path } }
        #expect(policy.decide("anything").detail?.contains("none of ours") == true)
        #expect(policy.decide(AdmissionRequest(), now: 0).isMissing)
    }

    @Test(arguments: [
        ("a b hush", "line 1 is neither TOKEN nor NAME TOKEN"), ("\n\nname hüsh", "line 3: a token has no spaces"),
        ("é hush", "line 1: a name is visible ASCII"), ("a hush\nb hush", "one token has two names: a and b"),
        (String(repeating: "x", count: 1 << 20) + "\n", "is longer than 1048576 bytes"),
    ])
    func aWrongLineIsNamed(text: String, words: String) throws {
        try Support.withFile(text) { path in
            let error = #expect(throws: AdmissionError.self) { try Support.policy { $0.tokensFile = path } }
            let said = "\(try #require(error))"
            #expect(said.hasPrefix(path) && said.contains(words) && !said.contains("hush"), "\(said)")
        }
    }

    @Test func nothingSecretIsShownOrDumped() throws {
        var auth = AuthConfiguration()
        auth.tokens = [NamedToken(name: "shop", token: "hush-token")]
        auth.basic = [BasicUser(username: "ann", password: "hush-password")]
        auth.jwt = JWTConfiguration(secret: "hush-secret-of-at-least-32-bytes!")
        let authenticator = try Authenticator(auth)
        let request = AdmissionRequest(
            authorization: ["Bearer hush-wrong"],
            cookies: ["token=hush"],
            protocols: ["token.hush"],
            query: "token=hush",
            pathToken: "hush"
        )
        let policy = AdmissionPolicy(authenticator: authenticator)
        let values: [any Sendable] = [
            auth, auth.tokens[0], auth.basic[0], auth.jwt!, authenticator, policy, request,
            policy.decide(request, now: 0), [request], ["auth": auth],
        ]
        for value in values {
            let text = Support.dumped(value)
            #expect(!text.contains("hush"), "\(type(of: value))")
            // Nor a digest of one: the first bytes of SHA-256 of "hush-token".
            #expect(!text.contains("SecretDigest"), "\(type(of: value))")
        }
    }
}
