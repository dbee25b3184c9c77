import Foundation
import Testing

extension WholeSystem {
    /// What a person at a terminal holds on to.
    @Suite struct CommandTests {
        private let workspace: Workspace

        init() throws { workspace = try Workspace() }

        private func sluice(_ arguments: String..., input: String? = nil) async throws -> Tool.Result {
            try await Tool.run(Built.sluice, arguments, input: input, in: workspace)
        }

        @Test func helpAndVersionArePrintedAndEndWithZero() async throws {
            let help = try await sluice("--help")
            #expect(help.status == .code(0))
            for word in ["serve", "check", "reload", "ready", "send", "--config", "--version"] {
                #expect(help.output.contains(word))
            }
            for command in ["serve", "check", "reload", "ready", "send"] {
                let help = try await sluice(command, "--help")
                #expect(help.status == .code(0))
                #expect(help.output.contains("sluice \(command)"))
            }
            let version = try await sluice("--version")
            #expect(version.status == .code(0))
            #expect(version.output.hasPrefix("sluice "))
        }

        @Test(arguments: [
            ["srve"], ["serve", "--confg", "x.yml"], ["serve", "--config"],
            ["check", "--config", "/does/not/exist.yml"],
            ["serve", "-E", "nothing"], ["send"], ["send", "http://127.0.0.1/"], [],
        ])
        func aWrongCommandLineEndsWithTwoAndAReason(arguments: [String]) async throws {
            let result = try await Tool.run(Built.sluice, arguments, in: workspace)
            #expect(result.status == .code(2), "\(result)")
            #expect(!result.errors.isEmpty)
        }

        @Test func aGoodConfigurationPassesTheCheck() async throws {
            let file = try workspace.file(
                "good.yml",
                Gateway.configuration(
                    kafka: "127.0.0.1:1",
                    kafkaSettings: "topic: good",
                    routes: "- path: /logs",
                    settings: "",
                    listener: ""
                )
            )
            let result = try await sluice("check", "--config", file.path)
            #expect(result.status == .code(0), "\(result)")
        }

        @Test(arguments: ["check", "serve"])
        func fiveMistakesAreNamedAllAtOnceWithTheirLines(command: String) async throws {
            let file = try workspace.file(
                "wrong.yml",
                """
                listners:
                  - address: 127.0.0.1:0
                max_len: 64 apples
                loops: many
                routes:
                  - path: logs
                output.kafka:
                  hosts: ["127.0.0.1:1"]
                  compresion: lz4
                """
            )
            let result = try await sluice(command, "--config", file.path)
            #expect(result.status == .code(2))
            let lines = result.errors.split(separator: "\n")
            for (line, key, hint) in [
                (1, "listners", "listeners"), (3, "max_len", "64 apples"), (4, "loops", "many"),
                (6, "path", "logs"), (9, "output.kafka.compresion", "compression"),
            ] {
                #expect(
                    lines.contains { $0.contains("\(file.path):\(line):") && $0.contains(key) && $0.contains(hint) },
                    "line \(line), \(key): \(result.errors)"
                )
            }
        }

        @Test func overridesWinOverTheEnvironmentAndThatOverTheFile() async throws {
            let broker = try await MockBroker.start(topics: ["file": 1, "environment": 1, "line": 1], in: workspace)
            let file = try workspace.file(
                "sluice.yml",
                Gateway.configuration(
                    kafka: broker.hosts,
                    kafkaSettings: "topic: file",
                    routes: "- path: /logs",
                    settings: "",
                    listener: ""
                )
            )
            for (environment, more, topic) in [
                ([String: String](), [String](), "file"),
                (["SLUICE_OUTPUT_KAFKA_TOPIC": "environment"], [], "environment"),
                (["SLUICE_OUTPUT_KAFKA_TOPIC": "environment"], ["-E", "output.kafka.topic=line"], "line"),
            ] {
                let gateway = try await Gateway.start(
                    file: file,
                    arguments: more,
                    environment: environment,
                    in: workspace
                )
                let sent = try await sluice("send", "\(gateway.url)/logs", "to \(topic)")
                #expect(sent.status == .code(0), "\(sent)")
                let metrics = try await gateway.settled(1)
                #expect(metrics.sum("sluice_logs_delivered_total", "topic=\"\(topic)\"") == 1)
                #expect(try await gateway.stop() == .code(0))
            }
        }

        @Test func sendTakesItsArgumentsOrTheLinesOfStandardInput() async throws {
            let broker = try await MockBroker.start(topics: ["logs": 1], in: workspace)
            let gateway = try await Gateway.start(kafka: broker.hosts, in: workspace)
            let reader = try TopicReader(hosts: broker.hosts, in: workspace)
            let url = "\(gateway.url)/logs"
            #expect(try await sluice("send", url, "first", "second").status == .code(0))
            try await gateway.delivers(2)
            #expect(try await sluice("send", url, input: "third\nfourth\n").status == .code(0))
            try await gateway.delivers(4)
            #expect(try await sluice("send", url, input: "no newline at its end").status == .code(0))
            let records = try await reader.records(5)
            for (record, text) in zip(records, ["first", "second", "third", "fourth", "no newline at its end"]) {
                #expect(record.contains(#""message":"\#(text)""#), "\(record)")
            }
            #expect(try gateway.metrics().received == 5)
            #expect(try await gateway.stop() == .code(0))
        }

        @Test func sendToNobodyOrToNoRouteEndsWithOneAndAReason() async throws {
            let broker = try await MockBroker.start(in: workspace)
            let gateway = try await Gateway.start(kafka: broker.hosts, in: workspace)
            let unknown = try await sluice("send", "\(gateway.url)/nowhere", "hello")
            #expect(unknown.status == .code(1))
            #expect(unknown.errors.contains("404"))
            // Lines that were read and never sent are no reason to end otherwise.
            let lines = (0..<300).map { "line \($0)\n" }.joined()
            #expect(try await sluice("send", "\(gateway.url)/nowhere", input: lines).status == .code(1))
            #expect(try await gateway.stop() == .code(0))
            let nobody = try await sluice("send", "\(gateway.url)/logs", "hello")
            #expect(nobody.status == .code(1))
            #expect(!nobody.errors.isEmpty)
            #expect(try await sluice("send", "\(gateway.url)/logs", input: lines).status == .code(1))
        }

        @Test func sendTakesAFileThatIsLargerThanItsBuffers() async throws {
            let broker = try await MockBroker.start(topics: ["logs": 1], in: workspace)
            // No ping that would wake a sender which has stopped.
            let gateway = try await Gateway.start(kafka: broker.hosts, settings: "ping_interval: 0", in: workspace)
            let line = String(repeating: "x", count: 1_000) + "\n"
            let sent = try await sluice("send", "\(gateway.url)/logs", input: String(repeating: line, count: 20_000))
            #expect(sent.status == .code(0), "\(sent)")
            try await gateway.delivers(20_000)
            #expect(try await gateway.stop() == .code(0))
        }

        @Test func anAddressThatIsTakenIsSaidAndEndsWithOne() async throws {
            let broker = try await MockBroker.start(in: workspace)
            let gateway = try await Gateway.start(kafka: broker.hosts, in: workspace)
            for (port, listener, admin) in [
                (gateway.port, "127.0.0.1:\(gateway.port)", "none"),
                (gateway.admin, "127.0.0.1:0", "127.0.0.1:\(gateway.admin)"),
            ] {
                let second = try await sluice(
                    "serve",
                    "-E",
                    "listeners=[{address: \"\(listener)\"}]",
                    "-E",
                    "admin=\(admin)"
                )
                #expect(second.status == .code(1))
                #expect(second.errors.contains("\(port)"))
            }
            #expect(try await gateway.stop() == .code(0))
        }
    }
}
