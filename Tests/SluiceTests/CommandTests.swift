import LogPipeline
import Settings
import Testing

@testable import sluice

@Suite struct CommandTests {
    @Test(arguments: [
        ("ws://127.0.0.1:8080/logs", "127.0.0.1", 8080, "/logs", "127.0.0.1:8080"),
        ("ws://example.com", "example.com", 80, "/", "example.com"),
        ("WS://[::1]:9/a%20b?c=d", "::1", 9, "/a%20b?c=d", "[::1]:9"),
    ])
    func aWebSocketURLIsTakenApart(text: String, host: String, port: UInt16, target: String, authority: String) throws {
        let url = try WebSocketURL(text)
        #expect(url.host == host)
        #expect(url.port == port)
        #expect(url.target == target)
        #expect(url.authority == authority)
    }

    @Test(arguments: ["", "logs", "http://a/", "wss://a/", "ws:///logs", "ws://a:99999/", "ws://a/#b", "ws://a:0x1/"])
    func whatIsNoWebSocketURLIsRefused(text: String) {
        #expect(throws: WebSocketURL.Problem.self) { try WebSocketURL(text) }
        #expect(SendCommand(arguments: SendArguments(url: text, texts: ["log"])).run().rawValue == 2)
    }

    @Test(
        arguments: [
            ("output.kafka.client_id=me", 0), ("output.kafka.librdkafka.no.such.property=1", 2), ("loops=many", 2),
        ] as [(String, Int32)]
    )
    func checkingSaysWhetherItWouldStart(override: String, code: Int32) {
        let overrides = ["output.kafka.hosts=[\"127.0.0.1:1\"]", override]
        #expect(CheckCommand(source: .init(config: nil, overrides: overrides)).run().rawValue == code)
    }

    @Test func bothOutputsAreRegistered() {
        #expect(Set(Destination.registry.names) == ["console", "kafka"])
    }
}
