import Admission
import Gateway
import KafkaFlusher
import LogPipeline
import Reactor
import Settings
import Telemetry
import Testing
import WebSocketWire

@testable import sluice

func settings(_ yaml: String) throws -> Settings {
    try Settings.load(text: Array(yaml.utf8), name: "a.yml").settings
}

func plan(_ yaml: String) throws -> Gateway.Plan {
    let settings = try settings(yaml)
    let flusher = try Destination(settings.output).make(.init(settings: settings, logger: .silent))
    return try Gateway.Plan(settings, entrance: Entrance(settings), flusher: flusher, logger: .silent)
}

private let ms: UInt64 = 1_000_000

@Suite struct GatewayPlanTests {
    @Test func everySettingOfConnectionsArrives() throws {
        let plan = try plan(
            """
            admin: none
            loops: 3
            handshake_timeout: 1500ms
            idle_timeout: 2m
            message_timeout: 3s
            max_partial: 5MiB
            max_header_bytes: 6KiB
            max_connections: 77
            session_timeout: 90s
            max_sessions: 12
            output.console: {}
            """
        )
        let configuration = plan.configuration
        #expect(plan.loops == 3)
        #expect(plan.admin == nil)
        #expect(configuration.handshakeTimeout == 1_500 * ms)
        #expect(configuration.idleTimeout == 120_000 * ms)
        #expect(configuration.messageTimeout == 3_000 * ms)
        #expect(configuration.maxPartial == 5 << 20)
        #expect(configuration.maxHeaderBytes == 6 << 10)
        #expect(configuration.maxConnections == 77)
        #expect(configuration.sessionTimeout == 90_000 * ms)
        #expect(configuration.maxSessions == 12)
    }

    @Test func everySettingOfARouteArrives() throws {
        let plan = try plan(
            """
            max_len: 2000
            ping_interval: 0
            routes:
              - path: /logs
              - path: /echo
                reply: echo
                max_len: 10KiB
                ping_interval: 250ms
              - path: /raw
                codec: raw
                topic: other
              - path: /same
                topic: logs
              - path: /nowhere
                reply: echo
                topic: none
            output.kafka:
              hosts: ["127.0.0.1:1"]
            """
        )
        let routes = plan.configuration.routes
        #expect(plan.topics == ["logs", "other"])
        #expect(routes.map(\.path) == ["/logs", "/echo", "/raw", "/same", "/nowhere"])
        #expect(routes.map { $0.topic?.rawValue } == [0, 0, 1, 0, nil])
        #expect(routes.map(\.maxLen) == [2_000, 10_240, 2_000, 2_000, 2_000])
        #expect(routes.map(\.pingInterval) == [0, 250 * ms, 0, 0, 0])
        #expect(routes.map { $0.codec == .raw } == [false, false, true, false, false])
        #expect(routes.map { $0.reply == .echo } == [false, true, false, false, true])
    }

    @Test func whatIsForeseenIsWhatComes() throws {
        let settings = try settings(
            """
            dead_letters.topic: dead
            routes:
              - {path: /a, topic: a}
              - {path: /none, topic: none}
              - {path: /b, topic: b, dead_letters.topic: other}
              - {path: /again, topic: a}
            output.kafka.hosts: ["127.0.0.1:1"]
            """
        )
        let flusher = try Destination(settings.output).make(.init(settings: settings, logger: .silent))
        _ = try flusher.topic(named: "b")
        let foreseen = try RoutePlan(foreseeing: settings, flusher)
        #expect(try flusher.indices(for: ["another"])[0].rawValue == 1)
        let made = try RoutePlan(settings, flusher)
        for plan in [foreseen, made] {
            #expect(plan.topics.map(\.1) == ["a", "b"] && plan.topics.map(\.0.rawValue) == [1, 0])
            #expect(plan.deadLetterTopics.map(\.1) == ["dead", "other"])
            #expect(plan.deadLetterTopics.map(\.0.rawValue) == [2, 3])
            #expect(plan.routes.map { $0.deadLetters?.topic.rawValue } == [2, nil, 3, 2])
        }
        #expect(foreseen.routes == made.routes)
    }

    @Test func everySettingOfMessagesArrives() throws {
        let plan = try plan(
            """
            max_message: 3MiB
            compression_level: 2
            compression_window_bits: 11
            compression_memory_level: 5
            compression_context_takeover: off
            compression_idle: 250ms
            routes:
              - {path: /none, source: headers}
              - {path: /lines, split: lines, max_message: 2MiB}
              - {path: /array, split: array}
              - {path: /auto, split: auto}
            output.console: {}
            """
        )
        let routes = plan.configuration.routes
        #expect(routes.map(\.split) == [.none, .lines, .array, .auto])
        #expect(routes.map(\.maxMessage) == [3 << 20, 2 << 20, 3 << 20, 3 << 20])
        #expect(routes.map(\.recordsSource) == [true, false, false, false])
        var compression = DeflateSettings()
        compression.level = 2
        compression.clientWindowBits = 11
        compression.memoryLevel = 5
        compression.clientContextTakeover = false
        #expect(plan.configuration.compression == compression)
        #expect(plan.configuration.compressionIdle == 250 * ms)
    }

    @Test func compressionIsOnUnlessItIsOff() throws {
        #expect(try plan("output.console: {}").configuration.compression == DeflateSettings())
        #expect(try plan("output.console: {}\ncompression: off").configuration.compression == nil)
    }

    @Test func everySettingOfTheEntranceArrives() throws {
        let plan = try plan(
            """
            handshakes_per_address: 7
            trusted_proxies: [10.0.0.0/8, 192.0.2.1]
            limits.connections: 5
            listeners: [{address: '127.0.0.1:1', proxy_protocol: on}, {address: '127.0.0.1:2'}]
            output.console: {}
            """
        )
        #expect(plan.listeners.map(\.isProxied) == [true, false])
        #expect(plan.configuration.handshakesPerAddress == 7)
        #expect(plan.configuration.trustedProxies.map(\.description) == ["10.0.0.0/8", "192.0.2.1/32"])
        #expect(plan.configuration.admission[listener: 1, route: 0].limits.connections == 5)
    }

    @Test func everySettingOfTheOutputThatALoopNeedsArrives() throws {
        let plan = try plan(
            """
            loops: 2
            max_in_flight: 64MiB
            output.kafka:
              hosts: ["127.0.0.1:1"]
              bulk_max_size: 99
              max_message_bytes: 12345
              record_timestamp: log
            """
        )
        let writer = plan.configuration.writer
        #expect(writer.bulkMaxSize == 99)
        #expect(writer.maxMessageBytes == 12_345)
        #expect(writer.recordTimestamp == .log)
        #expect(writer.maxArenaBytes == 32 << 20)
    }

    @Test func theDefaultsAreThoseOfTheContract() throws {
        let plan = try plan("output.console: {}")
        #expect(plan.configuration.routes.map(\.path) == ["/logs", "/echo"])
        #expect(plan.configuration.routes.allSatisfy { $0.maxLen == 960 << 10 && $0.pingInterval == 20_000 * ms })
        #expect(plan.configuration.handshakeTimeout == 10_000 * ms)
        #expect(plan.configuration.idleTimeout == 90_000 * ms)
        #expect(plan.configuration.messageTimeout == 30_000 * ms)
        #expect(plan.configuration.maxPartial == 64 << 20)
        #expect(plan.loops == Processors.usable)
    }

    @Test(arguments: [
        ("0.0.0.0:8080", "0.0.0.0:8080"), ("\":8080\"", "0.0.0.0:8080"), ("\"[::1]:9\"", "[::1]:9"),
        ("\"[::]:0\"", "[::]:0"), ("localhost:80", "localhost:80"), ("\"*:80\"", ":80"),
        ("unix:/run/sluice.sock", "unix:/run/sluice.sock"), ("systemd", "systemd"), ("systemd:logs", "systemd logs"),
    ])
    func everyAddressThatPassesTheSettingsIsOneToListenOn(written: String, meant: String) throws {
        let listening = try plan("listeners: [{address: \(written)}]\nadmin: none\noutput.console: {}")
        let administered = try plan("listeners: [{address: \"127.0.0.1:1\"}]\nadmin: \(written)\noutput.console: {}")
        #expect(listening.listeners.count == 1)
        for source in listening.listeners.map(\.source) + [try #require(administered.admin)] {
            switch source {
            case .address(let address): #expect(address.description == meant)
            case .systemd(let name): #expect(meant == (name.map { "systemd \($0)" } ?? "systemd"))
            }
        }
    }
}
