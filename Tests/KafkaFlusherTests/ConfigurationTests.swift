import LogPipeline
import Telemetry
import Testing

@testable import KafkaFlusher

struct ConfigurationTests {
    private func properties(_ change: (inout KafkaConfiguration) -> Void = { _ in }) -> [String: String] {
        var configuration = KafkaConfiguration()
        change(&configuration)
        let properties = KafkaProperties(configuration, hosts: ["a:1", "b:2"], batchBytes: 1_000_000)
        #expect(properties.errors.isEmpty)
        return Dictionary(properties.list.map { ($0.name, $0.value) }) { $1 }
    }

    private func errors(_ change: (inout KafkaConfiguration) -> Void) -> [String] {
        var configuration = KafkaConfiguration()
        change(&configuration)
        return KafkaFlusher.check(configuration).errors.map(\.setting)
    }

    @Test func theDefaultsKeepEveryRecord() {
        let properties = properties()
        #expect(properties["bootstrap.servers"] == "a:1,b:2")
        #expect(properties["enable.idempotence"] == "true")
        #expect(properties["acks"] == "-1")
        #expect(properties["message.timeout.ms"] == "0")
        #expect(properties["linger.ms"] == "1")
        #expect(properties["compression.codec"] == "lz4")
        #expect(properties["queue.buffering.max.messages"] == "0")
        #expect(KafkaFlusher.check(KafkaConfiguration()).errors.isEmpty)
        #expect(KafkaFlusher.check(KafkaConfiguration()).warnings.isEmpty)
    }

    @Test func fewerAcksTurnIdempotenceOff() {
        #expect(properties { $0.requiredAcks = 1 }["enable.idempotence"] == "false")
        #expect(properties { $0.requiredAcks = 1 }["linger.ms"] == "5")
    }

    @Test func rawPropertiesWin() {
        let changed = properties { $0.librdkafka = ["enable.idempotence": "false", "linger.ms": "50"] }
        #expect(changed["enable.idempotence"] == "false")
        #expect(changed["linger.ms"] == "50")
    }

    @Test func contradictionsNameTheirSetting() {
        #expect(errors { $0.requiredAcks = 2 } == ["output.kafka.required_acks"])
        #expect(
            errors { $0.librdkafka = ["message.timeout.ms": "1000"] } == ["output.kafka.librdkafka.message.timeout.ms"]
        )
        #expect(
            errors { $0.librdkafka = ["enable.gapless.guarantee": "true", "transactional.id": "x"] }
                == ["output.kafka.librdkafka.enable.gapless.guarantee", "output.kafka.librdkafka.transactional.id"]
        )
        #expect(errors { $0.username = "agent" } == ["output.kafka.password"])
        #expect(errors { $0.saslMechanism = "PLAIN" } == ["output.kafka.username"])
        #expect(
            errors {
                $0.username = "agent"
                $0.password = "x"
                $0.saslMechanism = "OTHER"
            } == ["output.kafka.sasl.mechanism"]
        )
        #expect(errors { $0.backoffMaximumMilliseconds = 1 } == ["output.kafka.backoff.max"])
    }

    @Test func whatLibrdkafkaRefusesNamesTheSettingToo() {
        #expect(errors { $0.librdkafka = ["no.such.property": "1"] } == ["output.kafka.librdkafka.no.such.property"])
        #expect(errors { $0.librdkafka = ["linger.ms": "soon"] } == ["output.kafka.librdkafka.linger.ms"])
        // Only making a producer shows that these two contradict each other.
        #expect(
            errors { $0.librdkafka = ["max.in.flight": "1000"] }.allSatisfy { $0.hasPrefix("output.kafka") }
        )
        #expect(errors { $0.librdkafka = ["max.in.flight": "1000"] }.count == 1)
    }

    @Test func certificatesThatCannotBeReadAreErrors() {
        var tls = KafkaConfiguration.TLS()
        tls.certificateAuthorities = ["/nowhere/ca.pem", "/nowhere/other.pem"]
        #expect(errors { $0.tls = tls } == ["output.kafka.ssl.certificate_authorities"])
        tls.certificateAuthorities = []
        tls.certificate = "/nowhere/client.crt"
        #expect(errors { $0.tls = tls } == ["output.kafka.ssl.key"])
    }

    @Test func passwordsAreNotInErrors() {
        var configuration = KafkaConfiguration()
        configuration.username = "agent"
        configuration.password = "very-secret"
        configuration.librdkafka = ["sasl.mechanism": "NONSENSE", "no.such": "1"]
        let check = KafkaFlusher.check(configuration)
        #expect(!check.errors.isEmpty)
        #expect(!"\(check)".contains("very-secret"))
    }

    @Test func scramWithAnOldLibraryIsAWarning() {
        var configuration = KafkaConfiguration()
        configuration.username = "agent"
        configuration.password = "x"
        configuration.saslMechanism = "SCRAM-SHA-256"
        let warnings = KafkaFlusher.check(configuration).warnings
        #expect(warnings.contains { $0.contains("2.6.1") } == KafkaProperties.scramIsUnsound)
    }

    @Test func compressionAndTLSBecomeProperties() {
        for compression in KafkaConfiguration.Compression.allCases {
            #expect(properties { $0.compression = compression }["compression.codec"] == compression.rawValue)
        }
        let secured = properties {
            $0.tls = KafkaConfiguration.TLS()
            $0.username = "u"
            $0.password = "p"
        }
        #expect(secured["security.protocol"] == "sasl_ssl")
        #expect(secured["ssl.endpoint.identification.algorithm"] == "https")
        #expect(properties()["security.protocol"] == "plaintext")
        #expect(properties { $0.tls = KafkaConfiguration.TLS() }["security.protocol"] == "ssl")
    }

    @Test(arguments: ["", ".", "..", "a b", "ä", "a/b", String(repeating: "a", count: 250)])
    func namesThatKafkaRefusesAreRefusedHere(_ name: String) {
        let flusher = KafkaFlusher(configuration: KafkaConfiguration(), logger: .silent)
        #expect(throws: FlusherError.self) { try flusher.topic(named: name) }
    }

    @Test func theSameNameIsTheSameTopic() throws {
        let flusher = KafkaFlusher(configuration: KafkaConfiguration(), logger: .silent)
        let first = try flusher.topic(named: "logs")
        let second = try flusher.topic(named: "audit.v1_x-y")
        #expect(first != second)
        #expect(try flusher.topic(named: "logs") == first)
    }
}
