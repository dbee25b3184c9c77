import Testing

@testable import Settings

struct AccessTests {
    private static let all = """
        origins: [https://app.example, https://*.example.org]
        auth:
          tokens: [one, {name: second, token: two}]
          tokens_file: tokens.txt
          basic: [{username: ann, password: geheim}]
          jwt: {jwks_file: jwks.json, issuer: me, audience: logs, leeway: 2s}
          cookie: session
        limits:
          connections: 1
          connections_per_address: 2
          connections_per_token: 3
          logs_per_second: 4
          bytes_per_second: 5KiB
          token_logs_per_second: 6
          token_bytes_per_second: 7MiB
          overhead_frames_per_second: 8
        """

    private func expectAll(_ access: Access) {
        #expect(access.origins == ["https://app.example", "https://*.example.org"])
        var credentials = Credentials()
        credentials.tokens = [.init(name: nil, token: Secret("one")), .init(name: "second", token: Secret("two"))]
        credentials.tokensFile = "tokens.txt"
        credentials.basic = [.init(username: "ann", password: Secret("geheim"))]
        credentials.jwt = .init(jwksFile: "jwks.json", issuer: "me", audience: "logs", leeway: .seconds(2))
        credentials.cookie = "session"
        #expect(access.auth == .required(credentials))
        let limits = access.limits
        #expect(limits.connections == 1 && limits.connectionsPerAddress == 2 && limits.connectionsPerToken == 3)
        #expect(limits.logsPerSecond == 4 && limits.bytesPerSecond == 5 << 10)
        #expect(limits.tokenLogsPerSecond == 6 && limits.tokenBytesPerSecond == 7 << 20)
        #expect(limits.overheadFramesPerSecond == 8)
    }

    private func indented(_ prefix: String) -> String {
        Self.all.split(separator: "\n").map { prefix + $0 }.joined(separator: "\n")
    }

    @Test func everyKeyIsReadAtEveryLevel() throws {
        expectAll(try load(Self.all).access)
        expectAll(try load("listeners:\n  - address: a:1\n\(indented("    "))").listeners[0].access)
        expectAll(try load("routes:\n  - path: /a\n\(indented("    "))").routes[0].access)
    }

    @Test func whatIsNotSaidIsNotThere() throws {
        let settings = try load("")
        #expect(settings.access == Access() && settings.listeners[0].access == Access())
        #expect(settings.routes[0].access == Access())
        #expect(settings.rule(listener: 0, route: 0) == Access.Rule())
        let jwt = try load("auth.jwt.secret: geheim").access.auth
        var credentials = Credentials()
        credentials.jwt = .init(secret: Secret("geheim"))
        #expect(
            jwt == .required(credentials) && credentials.jwt?.leeway == .seconds(5) && credentials.cookie == "token"
        )
    }

    /// Where `origins` stand, and where those of listener 0 and route 0 come from.
    @Test(
        arguments: [
            ([], nil), (["top"], .top), (["listener"], .listener(0)), (["route"], .route(0)),
            (["top", "listener"], .listener(0)), (["top", "route"], .route(0)), (["listener", "route"], .route(0)),
            (["top", "listener", "route"], .route(0)),
        ] as [([String], Access.Level?)]
    )
    func theNearestLevelCounts(levels: [String], source: Access.Level?) throws {
        func keys(_ level: String, _ name: String) -> String {
            levels.contains(level)
                ? "origins: ['https://\(name)'], auth: {tokens: [\(name)]}, limits: {connections: \(name.count)}" : ""
        }
        let yaml = """
            {listeners: [{address: 'a:1', \(keys("listener", "bbb"))}, {address: 'a:2'}],
             routes: [{path: /a, \(keys("route", "c"))}, {path: /b}], \(keys("top", "aa"))}
            """
        let settings = try load(yaml)
        let rule = settings.rule(listener: 0, route: 0)
        let name: String? =
            switch source {
            case .top: "aa"
            case .listener: "bbb"
            case .route: "c"
            case nil: nil
            }
        #expect(rule.origins?.level == source && rule.credentials?.level == source)
        #expect(rule.origins?.value == name.map { ["https://\($0)"] })
        #expect(rule.credentials?.value.tokens.map(\.token.value) == name.map { [$0] })
        #expect(rule.limits.connections == name?.count)
        // The other listener and the other route have only what stands at the top.
        let other = settings.rule(listener: 1, route: 1)
        #expect(other.origins?.level == (levels.contains("top") ? .top : nil))
        #expect(other.credentials?.level == (levels.contains("top") ? .top : nil))
    }

    @Test func credentialsReplaceAsAWhole() throws {
        let settings = try load("auth.tokens: [a]\nroutes: [{path: /a, auth.basic: [{username: u, password: p}]}]\n")
        let credentials = try #require(settings.rule(listener: 0, route: 0).credentials).value
        #expect(credentials.tokens.isEmpty && credentials.basic.map(\.username) == ["u"])
    }

    @Test func aRouteCanBeOpen() throws {
        let settings = try load("auth.tokens: [a]\nroutes: [{path: /a, auth: none}, {path: /b}]\n")
        #expect(settings.routes[0].access.auth == .open)
        #expect(settings.rule(listener: 0, route: 0).credentials == nil)
        #expect(settings.rule(listener: 0, route: 1).credentials?.level == .top)
    }

    @Test func limitsAreMergedKeyByKey() throws {
        let settings = try load(
            """
            limits: {connections: 1, logs_per_second: 1, bytes_per_second: 1}
            listeners: [{address: 'a:1', limits: {logs_per_second: 2, bytes_per_second: 2}}]
            routes: [{path: /a, limits: {bytes_per_second: 0}}, {path: /b}]
            """
        )
        let (own, inherited) = (
            settings.rule(listener: 0, route: 0).limits, settings.rule(listener: 0, route: 1).limits
        )
        #expect(own.connections == 1 && own.logsPerSecond == 2 && own.bytesPerSecond == 0)
        #expect(inherited.connections == 1 && inherited.logsPerSecond == 2 && inherited.bytesPerSecond == 2)
        #expect(own.connectionsPerToken == nil)
    }

    @Test func secretsAreNotPrinted() throws {
        let settings = try load(
            """
            auth: {tokens: [geheim-1, {name: x, token: geheim-2}], basic: [{username: u, password: geheim-3}],
              jwt: {secret: geheim-4}}
            listeners: [{address: 'a:1', ssl: {certificate: c, key: k, key_passphrase: geheim-5}}]
            """
        )
        var dumped = ""
        dump(settings, to: &dumped)
        dump(settings.rule(listener: 0, route: 0), to: &dumped)
        #expect(dumped.contains("certificate"))
        #expect(!(dumped + "\(settings) \(String(reflecting: settings))").contains("geheim"))
    }

    /// Settings, and the only error they have.
    @Test(arguments: [
        ("auth:", "auth: lets nobody in; give tokens, tokens_file, basic or jwt, or write auth: none for everybody"),
        (
            "auth: {cookie: a}",
            "auth: lets nobody in; give tokens, tokens_file, basic or jwt, or write auth: none for everybody"
        ),
        ("auth: everybody", "auth: is a single value, where a table of keys is expected"),
        ("auth.tokens: []", "auth.tokens: is an empty list"),
        ("auth.tokens: ''", "auth.tokens: is an empty list"),
        ("auth.tokens: ['']", "auth.tokens[0]: is empty, where a text or a table of keys is expected"),
        ("auth.tokens: [a, [b]]", "auth.tokens[1]: is empty, where a text or a table of keys is expected"),
        ("auth.tokens: ['geheim geheim']", "auth.tokens[0]: is not a token: visible ASCII without spaces"),
        ("auth.tokens: [geheim, geheim]", "auth.tokens: holds the same token twice"),
        ("auth.tokens: [{name: a}]", "auth.tokens[0].token: is missing"),
        ("auth.tokens: [{token: ''}]", "auth.tokens[0].token: is empty; leave the key out instead"),
        ("auth.tokens: [{token: gehéim}]", "auth.tokens[0].token: is not a token: visible ASCII without spaces"),
        (
            "auth.tokens: [{token: geheim, nam: a}]",
            "auth.tokens[0].nam: there is no such setting; did you mean \"auth.tokens[0].name\"?"
        ),
        ("auth.basic: [{username: a}]", "auth.basic[0].password: is missing"),
        ("auth.basic: [{password: geheim}]", "auth.basic[0].username: is missing"),
        (
            "auth.basic: [{username: 'a:b', password: geheim}]",
            "auth.basic[0].username: \"a:b\" is not a user name: it needs a letter, and no \":\""
        ),
        (
            "auth.basic: {a: geheim}",
            "auth.basic: is a table of keys, where a list (lines that begin with \"-\") is expected"
        ),
        ("auth.jwt: {}", "auth.jwt: needs jwks_file (keys in a file) or secret (HS256)"),
        ("auth.jwt: {jwks_file: a, secret: geheim}", "auth.jwt.secret: and jwks_file are given; keep one of them"),
        ("auth.jwt: {secret: geheim, leeway: 6s}", "auth.jwt.leeway: 6s is longer than 5.0 seconds"),
        ("auth.jwt: {secret: geheim, leeway: 500ms}", "auth.jwt.leeway: takes whole seconds"),
        ("auth: {tokens: [geheim], cookie: 'a b'}", "auth.cookie: \"a b\" is not the name of a cookie"),
        ("auth: {tokens: [geheim], passwords: a}", "auth.passwords: there is no such setting"),
        ("origins: []", "origins: is an empty list"),
        ("origins: ['']", "origins: holds an empty text"),
        ("limits: {connections: -1}", "limits.connections: -1 is out of range: 0 to 1000000000"),
        (
            "limits: {bytes_per_second: -1}",
            "limits.bytes_per_second: \"-1\" is not a size; write a number with B, KiB, MiB or GiB, as in 960KiB"
        ),
        (
            "limits: {conections: 1}",
            "limits.conections: there is no such setting; did you mean \"limits.connections\"?"
        ),
        ("limits: 5", "limits: is a single value, where a table of keys is expected"),
    ])
    func whatCannotBeIsNamedAndNoSecretIs(yaml: String, message: String) {
        let found = errors(yaml)
        #expect(found == ["a.yml:1: \(message)"])
        #expect(!found.joined().contains("geheim"))
    }

    @Test func anEmptyVariableOpensNoDoor() {
        for yaml in ["auth.tokens: ${TOKENS:}", "auth.tokens: ['${TOKENS:}']", "origins: ${TOKENS:}"] {
            #expect(errors(yaml).count == 1)
        }
        #expect(
            errors("", environment: ["SLUICE_AUTH_TOKENS": ""]) == ["SLUICE_AUTH_TOKENS: auth.tokens: is an empty list"]
        )
    }

    @Test func variablesAndOverridesReachTheKeys() throws {
        let environment = [
            "SLUICE_AUTH_TOKENS": "a,b", "SLUICE_AUTH_JWT_SECRET": "x #y", "SLUICE_LIMITS_CONNECTIONS": "7",
            "SLUICE_ORIGINS": "https://a, https://b", "SLUICE_TRUSTED_PROXIES": "[10.0.0.0/8]", "T": "geheim",
            "SLUICE_AUTH_BASIC": "[{username: u, password: p}]", "SLUICE_TOKEN": "for sluice send",
        ]
        let (settings, warnings) = try Settings.load(
            text: Array("max_connections: 1".utf8),
            name: "a.yml",
            overrides: [
                "listeners=[{address: '127.0.0.1:1', ssl: {certificate: c, key: k}, limits.connections: 8}]",
                "listeners.0.ssl.key_passphrase=${T}",
                "routes=[{path: /a, auth: {tokens: [{name: n, token: '${T}'}]}}]",
                "routes.0.split=auto", "limits.logs_per_second=9",
            ],
            environment: environment
        )
        #expect(warnings.isEmpty)
        guard case .required(let credentials) = settings.access.auth else { return #expect(Bool(false)) }
        #expect(credentials.tokens.map(\.token.value) == ["a", "b"] && credentials.jwt?.secret?.value == "x #y")
        #expect(credentials.basic.map(\.username) == ["u"])
        #expect(settings.access.origins == ["https://a", "https://b"] && settings.trustedProxies == ["10.0.0.0/8"])
        #expect(settings.access.limits.connections == 7 && settings.access.limits.logsPerSecond == 9)
        #expect(settings.listeners[0].tls?.certificates[0].keyPassphrase?.value == "geheim")
        #expect(settings.listeners[0].access.limits.connections == 8 && settings.routes[0].split == .auto)
        let rule = settings.rule(listener: 0, route: 0)
        #expect(rule.credentials?.value.tokens == [.init(name: "n", token: Secret("geheim"))])
        let open = try load("auth.tokens: [a]", environment: ["SLUICE_AUTH": "none"])
        #expect(open.access.auth == .open)
    }
}
