import Settings
import Testing

/// Combinations that contradict each other, or that somebody will not have meant.
struct CombinationTests {
    private static let clear =
        "without ssl: tokens and passwords travel in clear; set ssl, or listen on loopback behind a proxy"

    @Test func tokensInClearAreSaidOnce() throws {
        let yaml = """
            listeners:
              - address: 127.0.0.1:1
              - address: 0.0.0.0:2
              - address: 0.0.0.0:3
                ssl: {certificate: c, key: k}
              - address: 192.0.2.1:4
              - address: unix:/a
              - address: 0.0.0.0:5
                proxy_protocol: on
              - address: 0.0.0.0:6
                auth: none
            trusted_proxies: [10.0.0.0/8]
            auth.tokens: [a]
            routes: [{path: /a}, {path: /b}]
            """
        #expect(
            try warnings(yaml) == ["a.yml:3: listeners[1].address: 0.0.0.0:2, 192.0.2.1:4 \(Self.clear)"]
        )
        #expect(try warnings("auth.tokens: [a]") == ["a.yml:1: listeners[0].address: 0.0.0.0:8080 \(Self.clear)"])
        #expect(try warnings("auth.tokens: [a]\nlisteners: [{address: '[::1]:1'}, {address: localhost:1}]").isEmpty)
        #expect(try warnings("auth.tokens: [a]\nroutes: [{path: /a, auth: none}]").isEmpty)
        #expect(try warnings("routes: [{path: /a}, {path: /b, auth.tokens: [a]}]").count == 1)
    }

    /// Settings, and the keys that are warned about.
    @Test(arguments: [
        ("limits.connections_per_token: 1", ["limits.connections_per_token"]),
        ("limits.token_logs_per_second: 1", ["limits.token_logs_per_second"]),
        ("limits.token_bytes_per_second: 0", []), ("limits.logs_per_second: 1", []),
        ("limits.token_bytes_per_second: 1\nauth.tokens: [a]", []),
        ("limits.token_bytes_per_second: 1\nroutes: [{path: /a, auth.tokens: [a]}, {path: /b}]", []),
        (
            "auth.tokens: [a]\nroutes: [{path: /a, auth: none, limits.connections_per_token: 1}, {path: /b}]",
            ["routes[0].limits.connections_per_token"]
        ),
        (
            "limits.connections_per_token: 1\nroutes: [{path: /a, limits.connections_per_token: 2, auth.tokens: [a]}]",
            ["limits.connections_per_token"]
        ),
        ("listeners: [{address: '127.0.0.1:1', limits.connections_per_token: 1, auth.tokens: [a]}]", []),
        (
            "listeners: [{address: '127.0.0.1:1', limits.connections_per_token: 1}]",
            ["listeners[0].limits.connections_per_token"]
        ),
    ])
    func limitsOfTokensNeedTokens(yaml: String, keys: [String]) throws {
        let settings = yaml.contains("listeners") ? yaml : yaml + "\nlisteners: [{address: '127.0.0.1:1'}]"
        let found = try warnings(settings).map { $0.split(separator: ": ")[1] }
        #expect(found.map(String.init) == keys)
    }

    @Test func compressionKeysNeedCompression() throws {
        let yaml = """
            compression: off
            compression_level: 2
            compression_window_bits: 10
            compression_memory_level: 3
            compression_context_takeover: off
            compression_idle: 1m
            """
        let found = try warnings(yaml)
        #expect(found.count == 5 && found.allSatisfy { $0.hasSuffix("has no effect: compression is off") })
        let on = try load(yaml.replacing("compression: off", with: "compression: on")).compression
        #expect(on.isOn && on.level == 2 && on.windowBits == 10 && on.memoryLevel == 3)
        #expect(!on.contextTakeover && on.idle == .seconds(60))
        #expect(try warnings("compression: off").isEmpty)
        let standard = try load("").compression
        #expect(standard.isOn && standard.level == 1 && standard.windowBits == 12 && standard.memoryLevel == 8)
        #expect(standard.contextTakeover && standard.idle == .seconds(10))
    }

    @Test(arguments: [
        "compression_window_bits: 8", "compression_window_bits: 16", "compression_level: 0", "compression: yess",
    ])
    func whatZlibCannotDoIsRefused(yaml: String) {
        #expect(errors(yaml).count == 1)
    }

    @Test func splitIsRead() throws {
        let settings = try load(
            """
            max_message: 4MiB
            handshakes_per_address: 5
            routes:
              - {path: /a, split: lines, max_message: 2MiB, source: headers}
              - {path: /b, split: array}
              - {path: /c, split: auto}
              - {path: /d}
            """
        )
        #expect(settings.routes.map(\.split) == [.lines, .array, .auto, .none])
        #expect(settings.routes.map(\.maxMessage) == [2 << 20, 4 << 20, 4 << 20, 4 << 20])
        #expect(settings.routes.map(\.source) == [.headers, .none, .none, .none])
        #expect(settings.maxMessage == 4 << 20 && settings.handshakesPerAddress == 5)
        #expect(try load("").maxMessage == 16 << 20 && load("").handshakesPerAddress == 1024)
    }

    @Test func aSplitMessageHasNoEcho() {
        #expect(
            errors("routes: [{path: /a, split: lines, reply: echo}]") == [
                "a.yml:1: routes[0].split: and reply: echo are given; an echo answers one log, keep one"
            ]
        )
    }

    @Test func aMessageShouldHoldItsLogs() throws {
        let yaml = "max_len: 200KiB\nroutes:\n  - {path: /a, split: lines, max_message: 100KiB}\n"
        #expect(
            try warnings(yaml) == [
                "a.yml:3: routes[0].max_message: max_message (102400 bytes) is less than max_len (204800): no log of "
                    + "that length can come"
            ]
        )
        #expect(try warnings("max_message: 1KiB\nroutes: [{path: /a, split: array}]").count == 1)
        #expect(try warnings("max_message: 1KiB\nroutes: [{path: /a}]").isEmpty)
    }

    @Test func whatIsNotRelayedHasNoSource() throws {
        #expect(
            try warnings("routes: [{path: /a, topic: none, source: headers}]") == [
                "a.yml:1: routes[0].source: has no effect: the route relays nothing (topic: none)"
            ]
        )
    }

    @Test func aLengthThatIsNotRelayedIsNotHeldAgainstTheRecords() throws {
        #expect(try warnings("routes: [{path: /a, topic: none, max_len: 2MiB}, {path: /b}]").isEmpty)
        #expect(try warnings("max_len: 2MiB\nroutes: [{path: /a, topic: none}]").isEmpty)
        #expect(try warnings("max_len: 2MiB\nroutes: [{path: /a, max_len: 1KiB}]").isEmpty)
        #expect(try warnings("max_len: 2MiB\nroutes: [{path: /a, topic: none}, {path: /b}]").count == 1)
    }

    @Test func aVersionOfTLSThatLibrdkafkaWouldNotHoldToIsRefused() {
        let kafka = "output.kafka: {hosts: [a], topic: t, ssl: {supported_protocols: "
        #expect(errors("\(kafka)[TLSv1.2, TLSv1.3]}}").isEmpty)
        for versions in ["[TLSv1.3]", "[TLSv1.2]", "[TLSv1.1, TLSv1.2, TLSv1.3]"] {
            let key = "a.yml:1: output.kafka.ssl.supported_protocols: librdkafka agrees"
            #expect(errors("\(kafka)\(versions)}}").count { $0.hasPrefix(key) } == 1, "\(versions)")
        }
    }

    @Test func contradictionsAreNamedAllAtOnce() {
        let yaml = """
            listeners:
              - address: a:1
                ssl: {certificate: c}
                proxy_protocol: on
            auth.jwt: {}
            limits.connections: -1
            routes:
              - {path: /a, split: lines, reply: echo}
            """
        #expect(
            errors(yaml).map { $0.split(separator: ": ").prefix(2).joined(separator: " ") } == [
                "a.yml:3 listeners[0].ssl.certificate", "a.yml:4 listeners[0].proxy_protocol", "a.yml:5 auth.jwt",
                "a.yml:6 limits.connections", "a.yml:8 routes[0].split",
            ]
        )
    }
}
