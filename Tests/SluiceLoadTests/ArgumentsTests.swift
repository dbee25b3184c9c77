import Testing

@testable import sluice_load

struct ArgumentsTests {
    private func arguments(_ words: String...) throws -> Arguments {
        guard case .run(let arguments) = try Arguments.parse(words) else { throw UsageError.noURL }
        return arguments
    }

    @Test func aURLIsEnough() throws {
        let arguments = try arguments("ws://127.0.0.1:8080/logs")
        #expect(arguments.connections == 10 && arguments.messages == 10_000 && arguments.rate == 0)
        #expect(arguments.size == .fixed(200) && arguments.batch == 1 && arguments.topic == nil && !arguments.json)
    }

    @Test func everyOptionIsUnderstood() throws {
        let arguments = try arguments(
            "--connections=3",
            "--messages",
            "7",
            "ws://a",
            "--rate",
            "5",
            "--size",
            "100",
            "--batch",
            "2",
            "--duration",
            "1.5",
            "--fragment",
            "64",
            "--subprotocol",
            "sluice.v1",
            "--subprotocol",
            "x",
            "--verify",
            "a:1,b:2/logs",
            "--verify-timeout",
            "2",
            "--stall",
            "3",
            "--kafka",
            "sasl.password=a=b",
            "--json"
        )
        var wanted = Arguments(url: try TargetURL("ws://a"))
        wanted.connections = 3
        wanted.messages = 7
        wanted.rate = 5
        wanted.size = .fixed(100)
        wanted.givenBatch = 2
        wanted.duration = 1_500_000_000
        wanted.givenFragment = 64
        wanted.givenSubprotocols = ["sluice.v1", "x"]
        wanted.topic = Arguments.Topic(hosts: "a:1,b:2", name: "logs")
        wanted.verifyTimeout = 2_000_000_000
        wanted.stall = 3_000_000_000
        wanted.kafka = [KafkaProperty(name: "sasl.password", value: "a=b")]
        wanted.json = true
        #expect(arguments == wanted)
    }

    @Test func aDurationAloneSetsNoBound() throws {
        #expect(try arguments("ws://a", "--duration", "2").messages == nil)
        #expect(try arguments("ws://a", "--duration", "2", "--messages", "5").messages == 5)
    }

    @Test(arguments: [
        ([], UsageError.noURL),
        (["--json"], .noURL),
        (["http://a"], .notAURL("http://a")),
        (["ws://a", "--ca", "x"], .needs("--ca", "wss://")),
        (["wss://a", "--ca", "x", "--insecure"], .excludes("--ca", "--insecure")),
        (["wss://a", "--cert", "x"], .needs("--cert", "--key")),
        (["ws://a", "--arrivals", "poisson"], .needs("--arrivals poisson", "--rate")),
        (
            ["ws://a", "--arrivals", "x"],
            .unknownChoice(option: "--arrivals", text: "x", choices: ["constant", "poisson"])
        ),
        (["ws://a", "--header", "x"], .badHeader),
        (["ws://a", "--sessions"], .needs("--sessions", "--profile ack")),
        (["ws://a", "--header", "x: a\nb"], .badHeader),
        (["ws://a", "--token", "a\r\nb"], .badToken),
        (["ws://a", "--source", "127.0.0.9-127.0.0.1"], .badSource("127.0.0.9-127.0.0.1")),
        (["ws://a", "--profile", "idle", "--verify", "a/b"], .excludes("--verify", "--profile idle")),
        (["ws://a", "--deflate=1"], .unknownOption("--deflate=1")),
        (["ws://a", "ws://b"], .unexpected("ws://b")),
        (["ws://a", "--conections", "1"], .unknownOption("--conections")),
        (["ws://a", "--json=1"], .unknownOption("--json=1")),
        (["ws://a", "--rate"], .missingValue("--rate")),
        (["ws://a", "--rate="], .missingValue("--rate")),
        (["ws://a", "--rate", "--json"], .missingValue("--rate")),
        (["ws://a", "--rate", "1", "--rate", "1"], .repeated("--rate")),
        (["ws://a", "--verify", "logs"], .badPlace("logs")),
        (["ws://a", "--verify", "a/b/c"], .badPlace("a/b/c")),
        (["ws://a", "--kafka", "x"], .badProperty("x")),
        (["ws://a", "--size", "99"], .badSize("99")),
        (["ws://a", "--size", "200-100"], .badSize("200-100")),
        (["ws://a", "--size", "p50=200"], .badSize("p50=200")),
        (
            ["ws://a", "--duration", "-1"],
            .badNumber(option: "--duration", text: "-1", wanted: "a number of seconds above 0")
        ),
    ])
    func mistakesAreNamed(words: [String], error: UsageError) {
        #expect(throws: error) { try Arguments.parse(words) }
        #expect(!error.description.isEmpty)
    }

    @Test func howItConnectsIsUnderstood() throws {
        let arguments = try arguments(
            "wss://a",
            "--profile",
            "browser",
            "--ca",
            "ca.pem",
            "--cert",
            "c",
            "--key",
            "k",
            "--header",
            "X-A: b: c",
            "--header",
            "user-agent:me",
            "--token",
            "t",
            "--source",
            "127.0.0.254-127.0.1.1,127.0.0.9,::1"
        )
        #expect(arguments.authorities == "ca.pem" && arguments.certificate == "c" && arguments.key == "k")
        #expect(arguments.sources == ["127.0.0.254", "127.0.0.255", "127.0.1.0", "127.0.1.1", "127.0.0.9", "::1"])
        let headers = arguments.headers
        #expect(headers.contains(HeaderField(name: "X-A", value: "b: c")))
        #expect(headers.contains(HeaderField(name: "Authorization", value: "Bearer t")))
        #expect(headers.contains(HeaderField(name: "Origin", value: "https://a")))
        #expect(headers.filter { $0.name.lowercased() == "user-agent" }.map(\.value) == ["me"])
        #expect(arguments.offersDeflate)
    }

    @Test func aProfileSaysWhatNobodySaysOtherwise() throws {
        #expect(try arguments("ws://a", "--profile", "telegraf").batch == 50)
        #expect(try arguments("ws://a", "--profile", "telegraf", "--batch", "3").batch == 3)
        #expect(try arguments("ws://a", "--profile", "beats").fragment == 4_096)
        #expect(try arguments("ws://a", "--profile", "beats").reconnectDelay == 10_000_000_000)
        #expect(try arguments("ws://a", "--profile", "ack").subprotocols == ["sluice.v1"])
        #expect(try arguments("ws://a", "--profile", "ack", "--window", "5").window == 5)
    }

    @Test func helpNamesEveryOption() throws {
        #expect(try Arguments.parse(["ws://a", "--foo", "--help"]) == .help)
        for option in Option.allCases { #expect(HelpText.text.contains("  \(option.rawValue) ")) }
    }

    @Test(arguments: [
        ("ws://a", "a", 80, "/", "a"),
        ("WS://a:8080", "a", 8_080, "/", "a:8080"),
        ("ws://a/x/y?z=1", "a", 80, "/x/y?z=1", "a"),
        ("ws://a:1?z", "a", 1, "/?z", "a:1"),
        ("ws://[::1]:81/x", "::1", 81, "/x", "[::1]:81"),
        ("ws://[::1]", "::1", 80, "/", "[::1]"),
        ("wss://a", "a", 443, "/", "a"),
        ("wss://a:80", "a", 80, "/", "a:80"),
    ])
    func aURLIsTakenApart(text: String, host: String, port: UInt16, target: String, authority: String) throws {
        let url = try TargetURL(text)
        #expect(url.host == host && url.port == port && url.target == target && url.authority == authority)
    }

    @Test(arguments: [
        "", "ws", "ws://", "ws://:80", "ws://a:0", "ws://a:65536", "ws://a b", "ws://[::1", "ws://a#b", "ws://u@a",
    ])
    func whatIsNoURLIsRefused(text: String) {
        #expect(throws: UsageError.notAURL(text)) { try TargetURL(text) }
    }
}
