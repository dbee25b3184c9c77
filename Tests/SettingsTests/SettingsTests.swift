import Settings
import Testing

struct SettingsTests {
    @Test func withoutAFileEverySettingHasItsDefault() throws {
        let (settings, warnings) = try Settings.load(file: nil)
        #expect(warnings.isEmpty)
        #expect(settings.listeners.map(\.address.description) == ["0.0.0.0:8080"])
        #expect(settings.admin?.description == "127.0.0.1:9600")
        #expect(settings.maxLen == 983_040)
        #expect(settings.maxInFlight == 268_435_456)
        #expect(settings.maxPartial == 67_108_864)
        #expect(settings.loops == nil)
        #expect(settings.pingInterval == .seconds(20))
        #expect(settings.routes.map(\.path) == ["/logs", "/echo"])
        #expect(settings.routes.map(\.reply) == [.none, .echo])
        #expect(settings.routes.map(\.topic) == ["logs", "logs"])
        let kafka = try #require(settings.kafka)
        #expect(kafka.embedded)
        #expect(kafka.hosts.isEmpty)
        #expect(kafka.compression == .lz4)
        #expect(kafka.requiredAcks == -1)
        #expect(kafka.maxMessageBytes == 1_000_000)
    }

    @Test func everySettingIsRead() throws {
        let settings = try load(
            """
            listeners:
              - address: "[::1]:8080"
              - address: unix:/run/sluice.sock
              - address: systemd:web
            admin: none
            max_len: 64KiB
            max_in_flight: 1GiB
            max_partial: 1 MiB
            message_timeout: 1m30s
            loops: 3
            drain: 0
            ping_interval: 250ms
            idle_timeout: 1h
            handshake_timeout: 5
            max_header_bytes: 8192
            stalled_after: 2m
            max_connections: 100000
            logging: {level: debug, json: yes}
            routes:
              - path: /a
                reply: echo
                max_len: 1000B
                codec: raw
                topic: none
                ping_interval: 0
              - path: /b
                topic: b.t-0_1
            """
        )
        #expect(
            settings.listeners.map(\.address.description) == ["[::1]:8080", "unix:/run/sluice.sock", "systemd:web"]
        )
        #expect(settings.admin == nil)
        #expect(settings.maxLen == 65_536)
        #expect(settings.maxInFlight == 1 << 30)
        #expect(settings.maxPartial == 1 << 20)
        #expect(settings.messageTimeout == .seconds(90))
        #expect(settings.loops == 3)
        #expect(settings.drain == .zero)
        #expect(settings.pingInterval == .milliseconds(250))
        #expect(settings.idleTimeout == .seconds(3600))
        #expect(settings.handshakeTimeout == .seconds(5))
        #expect(settings.maxHeaderBytes == 8192)
        #expect(settings.stalledAfter == .seconds(120))
        #expect(settings.maxConnections == 100_000)
        #expect(settings.logging == Settings.Logging(level: .debug, json: true))
        let (a, b) = (settings.routes[0], settings.routes[1])
        #expect(a.reply == .echo && a.maxLen == 1000 && a.codec == .raw && a.topic == nil && a.pingInterval == .zero)
        #expect(b.reply == .none && b.maxLen == 65_536 && b.codec == .json && b.topic == "b.t-0_1")
        #expect(b.pingInterval == .milliseconds(250))
    }

    @Test func everySettingOfKafkaIsRead() throws {
        let settings = try load(
            """
            output.kafka:
              hosts: [a, "b:1234", "[::1]:9"]
              topic: web
              client_id: me
              compression: zstd
              compression_level: 3
              required_acks: 1
              max_message_bytes: 2MiB
              bulk_max_size: 10
              bulk_flush_frequency: 0
              broker_timeout: 3s
              timeout: 4
              keep_alive: 5s
              username: user
              password: geheim
              sasl.mechanism: scram-sha-512
              ssl.certificate_authorities: [/ca.pem]
              ssl:
                certificate: /c.pem
                key: |
                  -----BEGIN PRIVATE KEY-----
                  x
                key_passphrase: word
                verification_mode: certificate
                supported_protocols: [TLSv1.3, TLSv1.2]
              metadata.refresh_frequency: 1m
              backoff: {init: 2s, max: 4s}
              record_timestamp: log
              partition.connection: true
              librdkafka: {linger.ms: 7, queue: {buffering: {max.messages: 9}}}
            """
        )
        let kafka = try #require(settings.kafka)
        #expect(!kafka.embedded)
        #expect(kafka.hosts == ["a:9092", "b:1234", "[::1]:9"])
        #expect(kafka.topic == "web" && kafka.clientID == "me")
        #expect(settings.routes.map(\.topic) == ["web", "web"])
        #expect(kafka.compression == .zstd && kafka.compressionLevel == 3 && kafka.requiredAcks == 1)
        #expect(kafka.maxMessageBytes == 2 << 20 && kafka.bulkMaxSize == 10 && kafka.bulkFlushFrequency == .zero)
        #expect(kafka.brokerTimeout == .seconds(3) && kafka.timeout == .seconds(4) && kafka.keepAlive == .seconds(5))
        #expect(kafka.username == "user" && kafka.password?.value == "geheim" && kafka.saslMechanism == .scramSHA512)
        let tls = try #require(kafka.tls)
        #expect(tls.authorities == [.file("/ca.pem")] && tls.certificate == .file("/c.pem"))
        #expect(tls.key == .inline("-----BEGIN PRIVATE KEY-----\nx\n") && tls.keyPassphrase?.value == "word")
        #expect(tls.verification == .certificate)
        #expect(kafka.metadataRefresh == .seconds(60))
        #expect(kafka.backoffInitial == .seconds(2) && kafka.backoffMaximum == .seconds(4))
        #expect(kafka.recordTimestamp == .log)
        #expect(kafka.librdkafka.map(\.name) == ["linger.ms", "queue.buffering.max.messages"])
        #expect(kafka.librdkafka.map(\.value) == ["7", "9"])
    }

    @Test func theExampleOfTheDesignIsRead() throws {
        let settings = try load(
            """
            listeners:
              - address: 0.0.0.0:8080
            admin: 127.0.0.1:9600          # /livez /readyz /metrics
            max_in_flight: 256MiB          # Sluice's bound
            routes:
              - path: /logs
              - path: /echo
                reply: echo
            output.kafka:
              hosts: ["localhost:9092"]
            """
        )
        #expect(settings.kafka?.hosts == ["localhost:9092"])
        #expect(settings.kafka?.embedded == false)
    }

    @Test(arguments: [
        "output.kafka.hosts: [a:1]", "output: {kafka.hosts: [a:1]}", "output.kafka: {hosts: [a:1]}",
        "output: {kafka: {hosts: 'a:1'}}",
    ])
    func dottedAndNestedKeysAreTheSame(yaml: String) throws {
        #expect(try load(yaml).kafka?.hosts == ["a:1"])
    }

    @Test func dottedAndNestedKeysAreMerged() throws {
        let settings = try load("output.kafka.hosts: [a:1]\noutput:\n  kafka:\n    topic: t\n  kafka.client_id: c\n")
        #expect(settings.kafka?.hosts == ["a:1"])
        #expect(settings.kafka?.topic == "t")
        #expect(settings.kafka?.clientID == "c")
    }

    @Test func theConsoleIsAnOutput() throws {
        guard case .console = try load("output.console:\n").output else { return #expect(Bool(false)) }
        let yaml = "output: {kafka: {hosts: [a]}, console.enabled: false}"
        guard case .kafka = try load(yaml).output else { return #expect(Bool(false)) }
        let other = "output: {kafka: {enabled: false, hosts: [a]}, console: {pretty: true}}"
        guard case .console = try load(other).output else { return #expect(Bool(false)) }
        #expect(
            errors("output.kafka.hosts: [a]\noutput.console:\n") == [
                "a.yml:2: output.console: both output.kafka and output.console are given; keep one of them"
            ]
        )
    }

    @Test func secretsAreNotPrinted() throws {
        let yaml = """
            output.kafka: {hosts: [a], username: u, password: geheim, ssl: {certificate: a, key: "-----BEGIN geheim",
              key_passphrase: geheim}}
            """
        let settings = try load(yaml)
        var dumped = ""
        dump(settings, to: &dumped)
        #expect(settings.kafka?.password?.value == "geheim")
        #expect(dumped.contains("output"))
        #expect(!dumped.contains("geheim"))
        #expect(!"\(settings) \(String(reflecting: settings))".contains("geheim"))
    }

    @Test func whatHasNoEffectIsSaidOnce() throws {
        let found = try warnings(
            "output.kafka:\n  hosts: [a]\n  worker: 4\n  max_retries: 3\n  version: 2.0.0\n  queue.mem.events: 1\n"
        )
        #expect(
            found == [
                "a.yml:3: output.kafka.worker: has no effect: one producer serves all",
                "a.yml:4: output.kafka.max_retries: has no effect: logs are kept until Kafka has them",
                "a.yml:5: output.kafka.version: has no effect: librdkafka asks the brokers",
                "a.yml:6: output.kafka.queue: has no effect: the bound is max_in_flight",
            ]
        )
    }

    @Test func doubtfulCombinationsAreWarnings() throws {
        let found = try warnings("max_len: 2MiB\noutput.kafka.required_acks: 1\n")
        #expect(found.count == 2)
        #expect(found.allSatisfy { $0.hasPrefix("a.yml:1: max_len: ") || $0.hasPrefix("a.yml:2: output.kafka.req") })
    }
}
