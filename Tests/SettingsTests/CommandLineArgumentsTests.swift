import Settings
import Testing

struct CommandLineArgumentsTests {
    typealias Source = CommandLineArguments.Source

    @Test(arguments: [
        (["serve"], CommandLineArguments.Command.serve(Source())),
        (["serve", "--config", "a.yml"], .serve(Source(config: "a.yml"))),
        (["check", "--config=a.yml"], .check(Source(config: "a.yml"))),
        (["check", "-c", "a.yml"], .check(Source(config: "a.yml"))),
        (["serve", "-E", "a=b", "-Ec=d=e"], .serve(Source(config: nil, overrides: ["a=b", "c=d=e"]))),
        (["send", "ws://a/logs", "x", "y z"], .send(url: "ws://a/logs", texts: ["x", "y z"])),
        (["send", "WSS://a"], .send(url: "WSS://a", texts: [])),
        (["send", "ws://a", "--", "-x", "--help"], .send(url: "ws://a", texts: ["-x", "--help"])),
        (["send", "ws://a", "-"], .send(url: "ws://a", texts: ["-"])),
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
        (["send"], .missingURL),
        (["send", "http://a"], .notAURL("http://a")),
    ])
    func mistakesAreNamed(arguments: [String], error: CommandLineError) {
        #expect(throws: error) { try CommandLineArguments(arguments) }
        #expect(!error.description.isEmpty)
    }

    @Test func helpNamesEveryCommandAndOption() {
        let overview = HelpText.of(nil)
        for name in CommandLineArguments.Name.allCases {
            #expect(overview.contains("sluice \(name.rawValue)"))
            #expect(HelpText.of(name).hasPrefix("sluice \(name.rawValue)"))
            #expect(HelpText.of(name).contains("Example"))
        }
        for option in ["--config", "-E", "--help", "SLUICE_OUTPUT_KAFKA_HOSTS"] {
            #expect(HelpText.of(.serve).contains(option) && HelpText.of(.check).contains(option))
        }
    }
}
