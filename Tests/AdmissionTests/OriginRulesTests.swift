import Admission
import Testing

@Suite struct OriginRulesTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let patterns: [String]
        let allowed: [String]
        let refused: [String]

        var testDescription: String { "\(patterns)" }
    }

    static let rows = [
        Row(
            patterns: ["https://a.example"],
            allowed: ["https://a.example", "https://A.EXAMPLE", "HTTPS://a.example", "https://a.example:443"],
            refused: [
                "http://a.example", "https://a.example:8443", "https://b.example", "https://a.example.", "null", "",
                "https://a.example/", "https://a.example/path", "https://a.example?", "https://a.example#",
                "https://x@a.example", "https://a.example@evil.example", "https://evil.example", "a.example",
                "https://a.example.evil.example", "https://xa.example", "https://sub.a.example", "https://",
                "https://a.example https://a.example", "https://a.example, https://a.example", " https://a.example",
                "https://a.example ", "https://a.example\u{0}", "https://a.example:", "https://a.example:0443",
                "https://a.example:443:443", "https:a.example", "https:///a.example", "https://a.example\u{301}",
                "ws://a.example", "wss://a.example", "https://a.example:99999", "https://a.example:-1",
            ]
        ),
        Row(
            patterns: ["https://*.example.com"],
            allowed: [
                "https://a.example.com", "https://a.b.example.com", "https://A.Example.Com",
                "https://a.example.com:443", "https://xn--bcher-kva.example.com",
            ],
            refused: [
                "https://example.com", "https://evilexample.com", "https://.example.com", "https://a..example.com",
                "http://a.example.com", "https://a.example.com:8443", "https://a.example.com.evil.example",
                "https://*.example.com", "https://example.com.evil.example", "https://a.example.co", "https://com",
                "https://evil/.example.com", "https://evil#.example.com", "https://evil?.example.com",
                "https://evil@a.example.com",
            ]
        ),
        Row(
            patterns: ["http://*.example.com:8080"],
            allowed: ["http://a.example.com:8080"],
            refused: ["http://a.example.com", "http://example.com:8080", "https://a.example.com:8080"]
        ),
        Row(
            patterns: ["http://localhost:80", "http://127.0.0.1:3000", "http://[0:0:0:0:0:0:0:1]:3000"],
            allowed: [
                "http://localhost", "http://localhost:80", "http://127.0.0.1:3000", "http://[::1]:3000",
                "http://[0::1]:3000",
            ],
            refused: [
                "https://localhost", "http://localhost:3000", "http://127.0.0.1", "http://[::1]", "http://[::2]:3000",
                "http://::1:3000", "http://[::1", "http://[::1]]:3000", "http://[]:3000", "http://[::1%25lo]:3000",
                "http://127.0.0.11:3000",
            ]
        ),
        Row(
            patterns: ["*"],
            allowed: ["https://a.example", "http://localhost:1", "chrome-extension://abc", "file://"],
            refused: ["null"]
        ),
        Row(patterns: ["null"], allowed: ["null"], refused: ["https://a.example", "NULL", "null "]),
        Row(patterns: ["*", "null"], allowed: ["null", "https://a.example"], refused: []),
        Row(
            patterns: ["chrome-extension://abcdefghijklmnop", "capacitor://localhost"],
            allowed: ["chrome-extension://abcdefghijklmnop", "capacitor://localhost"],
            refused: ["chrome-extension://abcdefghijklmnoq", "http://localhost", "capacitor://localhost:80"]
        ),
        Row(patterns: [], allowed: [], refused: ["https://a.example", "null"]),
    ]

    @Test(arguments: rows)
    func anOriginPassesWhereItIsListed(row: Row) throws {
        let policy = AdmissionPolicy(origins: try OriginRules(row.patterns))
        for origin in row.allowed {
            #expect(policy.decide(AdmissionRequest(origins: [origin]), now: 0) == .admitted(nil), "\(origin)")
            #expect(policy.allowsOrigin(origin), "\(origin)")
        }
        for origin in row.refused {
            #expect(policy.decide(AdmissionRequest(origins: [origin]), now: 0) == .refused(.origin), "\(origin)")
            #expect(!policy.allowsOrigin(origin), "\(origin)")
        }
    }

    @Test(arguments: rows)
    func whoIsNoBrowserPasses(row: Row) throws {
        let policy = AdmissionPolicy(origins: try OriginRules(row.patterns))
        #expect(policy.decide(AdmissionRequest(), now: 0) == .admitted(nil))
    }

    @Test func twoOriginsAreRefusedEvenTheSameTwice() throws {
        let policy = AdmissionPolicy(origins: try OriginRules(["*", "null", "https://a.example"]))
        let request = AdmissionRequest(origins: ["https://a.example", "https://a.example"])
        #expect(policy.decide(request, now: 0) == .refused(.origin))
    }

    @Test func withoutRulesEveryOriginPasses() {
        let request = AdmissionRequest(origins: ["https://a.example"])
        #expect(AdmissionPolicy.open.decide(request, now: 0) == .admitted(nil))
        #expect(AdmissionPolicy.open.allowsOrigin("https://a.example"))
        #expect(!AdmissionPolicy.open.restrictsOrigins)
    }

    @Test func theOriginIsLookedAtBeforeTheCredential() throws {
        var auth = AuthConfiguration()
        auth.tokens = [NamedToken(token: "open sesame".replacing(" ", with: "-"))]
        let policy = AdmissionPolicy(
            origins: try OriginRules(["https://a.example"]),
            authenticator: try Authenticator(auth)
        )
        let evil = AdmissionRequest(origins: ["https://evil.example"], authorization: ["Bearer open-sesame"])
        #expect(policy.decide(evil, now: 0) == .refused(.origin))
        let anonymous = AdmissionRequest(origins: ["https://a.example"])
        #expect(policy.decide(anonymous, now: 0).isMissing)
    }

    @Test(arguments: [
        ("a.example", "https://a.example"), ("*.example.com", "https://*.example.com"), ("", "https://"),
        ("https://a.example/", "\"https://a.example\""), ("https://a.example/app", "\"https://a.example\""),
        ("wss://a.example", "\"https://a.example\""), ("ws://a.example:8080", "\"http://a.example:8080\""),
        ("https://bücher.example", "Punycode"), ("https://user@a.example", "user"), ("https://*", "\"https://*."),
        ("https://a.*.example", "* stands alone"), ("https://*a.example", "* stands alone"),
        ("https://*.*.example", "after *."), ("https://*.", "after *."), ("https://*.10.0.0.1", "no subdomains"),
        ("https://*.[::1]", "no subdomains"), ("http://localhost:*", "*"), ("https://a.example:0x50", "host:port"),
        ("https://a.example:99999", "host:port"), ("https://a..example", "host:port"), ("https://", "host:port"),
        ("1https://a.example", "host:port"), ("https://a.example?x", "no path"), ("https://a b.example", "spaces"),
        ("NULL", "https://"), ("https://[::g]", "host:port"), ("file://", "host:port"),
    ])
    func aPatternThatMatchesNothingIsAnErrorThatSaysWhatIsRight(pattern: String, fix: String) {
        let error = #expect(throws: AdmissionError.self) { try OriginRules(["https://good.example", pattern]) }
        #expect("\(error!)".contains("\"\(pattern)\""))
        #expect("\(error!)".contains(fix), "\(error!)")
    }
}
