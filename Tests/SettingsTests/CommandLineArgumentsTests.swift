import Settings
import Testing

struct CommandLineArgumentsTests {
    typealias Source = CommandLineArguments.Source
    typealias Check = CommandLineArguments.Check
    typealias Target = CommandLineArguments.Target

    @Test(arguments: [
        (["serve"], CommandLineArguments.Command.serve(Source())),
        (["serve", "--config", "a.yml"], .serve(Source(config: "a.yml"))),
        (["check", "--config=a.yml"], .check(Check(source: Source(config: "a.yml")))),
        (["check", "-c", "a.yml"], .check(Check(source: Source(config: "a.yml")))),
        (
            ["check", "-c", "a.yml", "--against", "b.yml"],
            .check(Check(source: Source(config: "a.yml"), comparison: .file("b.yml")))
        ),
        (["check", "--running"], .check(Check(source: Source(), comparison: .running))),
        (["reload", "-ca.yml"], .reload(Target(source: Source(config: "a.yml")))),
        (
            ["reload", "--admin", "[::1]:1"],
            .reload(Target(source: Source(), admin: .tcp(host: "::1", port: 1)))
        ),
        (["ready"], .ready(Target(source: Source()), isLive: false)),
        (
            ["ready", "--live", "--admin=unix:/run/s"],
            .ready(Target(source: Source(), admin: .unix(path: "/run/s")), isLive: true)
        ),
        (["serve", "-E", "a=b", "-Ec=d=e"], .serve(Source(config: nil, overrides: ["a=b", "c=d=e"]))),
        (["send", "ws://a/logs", "x", "y z"], .send(SendArguments(url: "ws://a/logs", texts: ["x", "y z"]))),
        (["send", "WSS://a"], .send(SendArguments(url: "WSS://a"))),
        (["send", "ws://a", "--", "-x", "--help"], .send(SendArguments(url: "ws://a", texts: ["-x", "--help"]))),
        (["send", "ws://a", "-"], .send(SendArguments(url: "ws://a", texts: ["-"]))),
        (["--help"], .help(nil)), (["-h"], .help(nil)), (["help", "send"], .help(.send)), (["help"], .help(nil)),
        (["serve", "--help"], .help(.serve)), (["check", "-h"], .help(.check)), (["send", "--help"], .help(.send)),
        (["--version"], .version),
    ])
    func commandLinesAreUnderstood(arguments: [String], command: CommandLineArguments.Command) throws {
        #expect(try CommandLineArguments(arguments).command == command)
    }

    @Test(arguments: [
        ([], CommandLineError.noCommand),
        (["serv"], .unknownCommand("serv", nearest: "serve")),
        (["launch"], .unknownCommand("launch", nearest: nil)),
        (["--config", "a"], .optionBeforeCommand("--config")),
        (["serve", "--conifg", "a"], .unknownOption("--conifg", .serve, nearest: "--config")),
        (["serve", "-x"], .unknownOption("-x", .serve, nearest: nil)),
        (["send", "ws://a", "--config"], .unknownOption("--config", .send, nearest: nil)),
        (["serve", "--config"], .missingValue("--config")),
        (["serve", "-E"], .missingValue("-E")),
        (["serve", "-E", "a"], .notAnOverride("a")),
        (["serve", "--config", "a", "--config", "b"], .repeated("--config")),
        (["serve", "a.yml"], .unexpected("a.yml", .serve)),
        (["check", "--against", "b", "--running"], .contradiction("--against", "--running")),
        (["reload", "--live"], .unknownOption("--live", .reload, nearest: nil)),
        (
            ["reload", "--admin", "nowhere"],
            .notAnAddress(
                "--admin",
                "\"nowhere\" is not an address; write host:port, [IPv6]:port, unix:/path or systemd"
            )
        ),
        (["send"], .missingURL),
        (["send", "http://a"], .notAURL("http://a")),
        (["send", "wss://a", "--tokn=x"], .unknownOption("--tokn", .send, nearest: "--token")),
        (["send", "wss://a", "--insecure=yes"], .takesNoValue("--insecure")),
        (["send", "wss://a", "--ca", "a", "--insecure"], .contradiction("--ca", "--insecure")),
        (["send", "wss://a", "--token", "a", "--token", "b"], .repeated("--token")),
        (["send", "wss://a", "--token", ""], .missingValue("--token")),
        (["send", "ws://a", "--ca", "a"], .needsTLS("--ca")),
        (["send", "ws://a", "--cert", "a", "--key", "b"], .needsTLS("--cert")),
        (["send", "wss://a", "--cert", "a"], .needsOther("--cert", "--key")),
        (["send", "wss://a", "--key", "a"], .needsOther("--key", "--cert")),
        (["send", "ws://a", "--insecure"], .needsTLS("--insecure")),
        (["send", "ws://a", "--header", "x y"], .notAHeader(name: "x y")),
        (["send", "ws://a", "--header", "Host: b"], .notAHeader(name: "Host")),
        (["send", "ws://a", "--header", "Sec-WebSocket-Key: b"], .notAHeader(name: "Sec-WebSocket-Key")),
        (["send", "ws://a", "--header", "A: b\r\nC: d"], .notAHeader(name: "A")),
        (
            ["send", "ws://a", "--token", "a", "--header", "authorization: b"],
            .contradiction("--token", "--header Authorization")
        ),
    ])
    func mistakesAreNamed(arguments: [String], error: CommandLineError) {
        #expect(throws: error) { try CommandLineArguments(arguments) }
        #expect(!error.description.isEmpty)
    }

    @Test func everyOptionOfSendIsTaken() throws {
        let found = try CommandLineArguments([
            "send", "wss://a/logs", "--ca", "ca.pem", "--token=geheim", "--header", "Origin:  https://b", "x",
            "--header=X-Key: geheim",
        ]).command
        guard case .send(let send) = found else { return #expect(Bool(false)) }
        #expect(send.url == "wss://a/logs" && send.texts == ["x"])
        #expect(send.authorities == "ca.pem" && !send.isInsecure)
        #expect(send.token?.value == "geheim")
        #expect(send.headers.map(\.name) == ["Origin", "X-Key"])
        #expect(send.headers.map(\.value.value) == ["https://b", "geheim"])
        #expect(!"\(found) \(String(reflecting: found))".contains("geheim"))
        let insecure = try CommandLineArguments(["send", "--insecure", "wss://a", "--", "--token"]).command
        guard case .send(let send) = insecure else { return #expect(Bool(false)) }
        #expect(send.isInsecure && send.token == nil && send.texts == ["--token"])
    }

    @Test func helpNamesEveryCommandAndOption() {
        let overview = HelpText.of(nil)
        for name in CommandLineArguments.Name.allCases {
            #expect(overview.contains("sluice \(name.rawValue)"))
            #expect(HelpText.of(name).hasPrefix("sluice \(name.rawValue)"))
            #expect(HelpText.of(name).contains("Example"))
        }
        for option in [
            "--ca", "--insecure", "--cert", "--key", "--token", "--header", "SLUICE_TOKEN", "wss://", "--help",
        ] {
            #expect(HelpText.of(.send).contains(option))
        }
        for option in ["--config", "-E", "--help", "SLUICE_OUTPUT_KAFKA_HOSTS"] {
            #expect(HelpText.of(.serve).contains(option) && HelpText.of(.check).contains(option))
        }
        #expect(["--against", "--running"].allSatisfy(HelpText.of(.check).contains))
        #expect(HelpText.of(.reload).contains("--admin"))
        #expect(["--admin", "--live"].allSatisfy(HelpText.of(.ready).contains))
    }
}
