import LogPipeline
import Settings
import Testing

@testable import sluice

@Suite struct CommandTests {
    @Test(arguments: [
        ("ws://127.0.0.1:8080/logs", "127.0.0.1", 8080, "/logs", "127.0.0.1:8080"),
        ("ws://example.com", "example.com", 80, "/", "example.com"),
        ("wss://example.com/x", "example.com", 443, "/x", "example.com"),
        ("wss://example.com:80", "example.com", 80, "/", "example.com:80"),
        ("WS://[::1]:9/a%20b?c=d", "::1", 9, "/a%20b?c=d", "[::1]:9"),
    ])
    func aWebSocketURLIsTakenApart(text: String, host: String, port: UInt16, target: String, authority: String) throws {
        let url = try WebSocketURL(text)
        #expect(url.host == host)
        #expect(url.port == port)
        #expect(url.target == target)
        #expect(url.authority == authority)
    }

    @Test(arguments: [
        "", "logs", "http://a/?geheim", "wss:///a", "ws:///logs", "ws://a:99999/", "ws://a/#b", "ws://a:0x1/",
        "ws://user:geheim@a:99999/", "http://user:ge@geheim@a/",
    ])
    func whatIsNoWebSocketURLIsRefused(text: String) {
        let problem = #expect(throws: WebSocketURL.Problem.self) { try WebSocketURL(text) }
        #expect(problem?.description.contains("geheim") == false)
        #expect(SendCommand(arguments: SendArguments(url: text, texts: ["log"])).run().rawValue == 2)
    }

    @Test func whereATokenComesFrom() throws {
        func headers(_ arguments: SendArguments, _ environment: [String: String]) throws -> [String] {
            try SendCommand(arguments: arguments, environment: environment)
                .headers(for: WebSocketURL(arguments.url)).map { "\($0.name): \($0.value)" }
        }
        var arguments = SendArguments(url: "ws://a")
        #expect(try headers(arguments, [:]).isEmpty && headers(arguments, ["SLUICE_TOKEN": ""]).isEmpty)
        #expect(try headers(arguments, ["SLUICE_TOKEN": "a"]) == ["Authorization: Bearer a"])
        arguments.token = Secret("b")
        #expect(try headers(arguments, ["SLUICE_TOKEN": "a"]) == ["Authorization: Bearer b"])
        arguments.token = nil
        arguments.headers = ["Authorization: Basic c", "X: y"].compactMap(SendArguments.Header.init)
        #expect(try headers(arguments, ["SLUICE_TOKEN": "a"]) == ["Authorization: Basic c", "X: y"])
    }

    @Test func userAndPasswordOfTheURLAreBasicCredentials() throws {
        func headers(_ url: String, _ environment: [String: String] = [:]) throws -> [String] {
            let url = try WebSocketURL(url)
            #expect(url.shown == "ws://a/x" && url.authority == "a")
            return SendCommand(arguments: SendArguments(url: ""), environment: environment)
                .headers(for: url).map { "\($0.name): \($0.value)" }
        }
        #expect(try headers("ws://fluent-bit:s3cr%40t@a/x") == ["Authorization: Basic Zmx1ZW50LWJpdDpzM2NyQHQ="])
        #expect(try headers("ws://user@a/x") == ["Authorization: Basic dXNlcjo="])
        #expect(try headers("ws://user:b@a/x", ["SLUICE_TOKEN": "c"]) == ["Authorization: Bearer c"])
    }

    @Test func aTokenThatNoHeaderCanCarryIsRefused() {
        let command = SendCommand(
            arguments: SendArguments(url: "ws://127.0.0.1:1/", texts: ["log"]),
            environment: ["SLUICE_TOKEN": "a\r\nX: y"]
        )
        #expect(command.run() == .usage)
    }

    @Test(
        arguments: [
            ("output.kafka.client_id=me", 0), ("output.kafka.librdkafka.no.such.property=1", 2), ("loops=many", 2),
        ] as [(String, Int32)]
    )
    func checkingSaysWhetherItWouldStart(override: String, code: Int32) {
        let overrides = ["output.kafka.hosts=[\"127.0.0.1:1\"]", override]
        #expect(CheckCommand(arguments: .init(source: .init(config: nil, overrides: overrides))).run().rawValue == code)
    }

    @Test func bothOutputsAreRegistered() {
        #expect(Set(Destination.registry.names) == ["console", "kafka"])
    }
}
