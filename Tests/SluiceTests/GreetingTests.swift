import Settings
import Testing

@testable import sluice

@Suite struct GreetingTests {
    @Test(arguments: [
        ("", "", "ws://127.0.0.1:1/logs"),
        ("auth.tokens: [a]", "SLUICE_TOKEN=... ", "ws://127.0.0.1:1/logs"),
        ("listeners: [{address: 'a:0', ssl: {certificate: c, key: k}}]", "", "--insecure wss://127.0.0.1:1/logs"),
        (
            "{trusted_proxies: ['::1'], listeners: [{address: 'a:0', proxy_protocol: on}, {address: 'b:0'}]}", "",
            "ws://127.0.0.1:2/logs"
        ),
    ])
    func itSaysHowToGetIn(yaml: String, prefix: String, arguments: String) throws {
        let send = try #require(Greeting.send(try settings(yaml), route: 0, ports: [1, 2]))
        #expect(send.prefix == prefix && send.arguments == arguments)
    }

    @Test func withoutAPortItSaysNothing() throws {
        #expect(Greeting.send(try settings("listeners: [{address: 'unix:/a'}]"), route: 0, ports: [nil]) == nil)
    }
}
