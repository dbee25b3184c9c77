import Foundation
import Testing

@testable import Settings

/// What differs between two readings of the settings, and when it takes effect.
struct SettingChangeTests {
    private static let before = """
        listeners:
          - address: a:1
            ssl: {certificate: c, key: k, key_passphrase: geheim-1}
            limits.connections: 5
          - address: b:1
          - address: z:1
        auth.tokens: [{name: one, token: geheim-2}, geheim-3]
        logging.level: info
        routes:
          - path: /logs
            max_len: 64KiB
          - path: /gone
        output.kafka: {hosts: [a], password: geheim-4, username: u, librdkafka: {"sasl.jaas": geheim-5}}
        """

    private static let after = """
        listeners:
          - address: a:1
            ssl: {certificate: d, key: k, key_passphrase: geheim-6}
            proxy_protocol: on
          - address: b:1
            ssl: {certificate: c, key: k}
          - address: c:1
        trusted_proxies: [a]
        admin: none
        auth.tokens: [{name: one, token: geheim-7}, geheim-3]
        max_in_flight: 512MiB
        max_connection_age: 90s
        logging: {level: debug, json: true}
        routes:
          - path: /new
          - path: /logs
            max_len: 1MiB
            topic: other
            dead_letters: {topic: dead, content_bytes: 1024}
        output.kafka: {hosts: [a, b], password: geheim-8, username: u, librdkafka: {"sasl.jaas": geheim-9}, ssl.enabled: true}
        """

    private static func lines(_ old: String, _ new: String) throws -> [String] {
        try load(old).changes(to: load(new)).map(\.description)
    }

    @Test func everyChangeIsALineWithItsEffect() throws {
        let restart = "takes effect after a restart"
        #expect(
            try Self.lines(Self.before, Self.after) == [
                "admin: 127.0.0.1:9600 -> none, \(restart)",
                "max_in_flight: 256MiB -> 512MiB, \(restart)",
                "max_connection_age: 0 -> 90s, live",
                "trusted_proxies: [] -> [a], live",
                "logging.level: info -> debug, live",
                "logging.json: off -> on, \(restart)",
                "auth.tokens: [one: ***, ***], another one than before, live",
                "listeners[a:1].proxy_protocol: off -> on, \(restart)",
                "listeners[a:1].limits.connections: 5 -> not said, live",
                "listeners[a:1].ssl.certificate: c -> d, live",
                "listeners[a:1].ssl.key_passphrase: ***, another one than before, live",
                "routes[/logs].topic: logs -> other, live",
                "routes[/logs].max_len: 64KiB -> 1MiB, live",
                "routes[/logs].max_connection_age: 0 -> 90s, live",
                "routes[/logs].dead_letters.topic: off -> dead, live",
                "routes[/logs].dead_letters.content_bytes: 0 -> 1KiB, live",
                "output.kafka.hosts: [a:9092] -> [a:9092, b:9092], \(restart)",
                "output.kafka.password: ***, another one than before, \(restart)",
                "output.kafka.librdkafka: [sasl.jaas: ***], another one than before, \(restart)",
                "listeners[b:1].ssl: added, \(restart)",
                "listeners[c:1]: added, \(restart)",
                "routes[/new]: added, live",
                "output.kafka.ssl: added, \(restart)",
                "listeners[z:1]: removed, \(restart)",
                "routes[/gone]: removed, live",
            ]
        )
    }

    @Test func noSecretIsShown() throws {
        let shown = try Self.lines(Self.before, Self.after) + Self.lines(Self.after, Self.before)
        #expect(!shown.joined().contains("geheim"))
        let inventory = SettingInventory(try load(Self.before))
        #expect(!"\(inventory) \(String(reflecting: inventory))".contains("geheim"))
        var dumped = ""
        dump(inventory, to: &dumped)
        #expect(!dumped.contains("geheim"))
    }

    @Test func theSameSettingsDoNotDiffer() throws {
        for text in [Self.before, Self.after, "", try Self.everything()] { #expect(try Self.lines(text, text).isEmpty) }
    }

    /// What is named live is what a reload adopts, and what is named to take a restart is what stays.
    @Test func whatIsAdoptedIsWhatIsNamedLive() throws {
        let texts = [Self.before, Self.after, "", "output.console: {}", try Self.everything()]
        for old in texts {
            for new in texts {
                let (running, wanted) = (try load(old), try load(new))
                let adopted = running.adopting(wanted)
                let changes = running.changes(to: wanted)
                let later = adopted.changes(to: wanted)
                #expect(running.changes(to: adopted).allSatisfy { $0.effect == .live })
                #expect(later.allSatisfy { $0.effect == .restart }, "\(later)")
                #expect(Set(later.map(\.key)) == Set(changes.filter { $0.effect == .restart }.map(\.key)))
            }
        }
    }

    @Test func everySettingIsInTheInventory() throws {
        let all = try load(Self.everything())
        let known = Set(SettingInventory(all).entries.map { Self.general($0.key) })
        // These are there or not as a whole, or stand in another one's line.
        let others: Set = [
            "listeners[].address", "listeners[].ssl.enabled", "routes[].path", "output.kafka.enabled",
            "output.console.enabled", "auth.tokens[].name", "auth.tokens[].token", "auth.basic[].username",
            "auth.basic[].password", "listeners[].ssl.certificates[].certificate",
            "listeners[].ssl.certificates[].key", "output.kafka.ssl.enabled", "output.kafka.ssl.supported_protocols",
            "output.kafka.partition.connection", "output.kafka.partition", "output.console",
        ]
        let tables = [
            "kafka_metrics", "auth", "auth.jwt", "limits", "dead_letters", "logging", "output", "listeners", "routes",
        ]
        let set = Set(all.origins.keys.map(Self.general)).subtracting(others).subtracting(tables)
        let missing = set.filter { key in
            !known.contains(key) && !known.contains { $0.hasPrefix(key + ".") || key.hasPrefix($0 + ".") }
                && !key.hasSuffix("[]")
        }
        #expect(set.count > 80 && missing.isEmpty, "\(missing.sorted())")
    }

    private static func general(_ key: String) -> String {
        key.replacing(/^(listeners|routes)\[.*?\](?=\.|$)/) { "\($0.1)[]" }.replacing(/\[[0-9]+\]/, with: "[]")
    }

    private static func everything() throws -> String {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../deploy/sluice.reference.yml")
        return try String(contentsOf: file, encoding: .utf8).replacing(/(?m)^( *)#(?=[a-z_-])/) { $0.1 }
    }

    @Test func sizesAndTimesAreWrittenAsInSettings() throws {
        for (size, text) in [
            (0, "0"), (1, "1"), (1024, "1KiB"), (1025, "1025"), (960 << 10, "960KiB"), (3 << 30, "3GiB"),
        ] {
            #expect(ValueText.written(size: size) == text)
            #expect(try ValueText.size(text) == size)
        }
        for (time, text) in [(0, "0"), (250, "250ms"), (90_000, "90s"), (120_000, "2m"), (3_600_000, "1h")] {
            #expect(ValueText.written(time: .milliseconds(time)) == text)
            #expect(try ValueText.duration(text) == .milliseconds(time))
        }
    }
}
