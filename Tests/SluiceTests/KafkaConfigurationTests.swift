import KafkaFlusher
import LogPipeline
import Settings
import Testing

@testable import sluice

@Suite struct KafkaConfigurationTests {
    private func configuration(_ yaml: String) throws -> KafkaConfiguration {
        let settings = try settings(yaml)
        guard case .kafka(let output) = settings.output else { throw Missing() }
        return KafkaConfiguration(output, settings)
    }

    private struct Missing: Error {}

    @Test func withoutSettingsItIsTheFlushersOwnDefault() throws {
        var expected = KafkaConfiguration()
        expected.embedded = true
        expected.clusterMetrics = ClusterMetricsConfiguration()
        #expect(try configuration("") == expected)
    }

    @Test func metricsOfTheClusterArriveOrAreOff() throws {
        #expect(try configuration("kafka_metrics.enabled: false").clusterMetrics == nil)
        var expected = ClusterMetricsConfiguration()
        expected.topics = ["^a"]
        expected.groups = ["b"]
        expected.periodMilliseconds = 5_000
        expected.timeoutMilliseconds = 2_000
        expected.maxSeries = 700
        let found = try configuration(
            "kafka_metrics: {topics: ['^a'], groups: [b], period: 5s, timeout: 2s, max_series: 700}"
        )
        #expect(found.clusterMetrics == expected)
    }

    @Test func everySettingArrives() throws {
        var expected = KafkaConfiguration()
        expected.hosts = ["one:9092", "two:9093"]
        expected.clientID = "me"
        expected.compression = .gzip
        expected.compressionLevel = 4
        expected.requiredAcks = 1
        expected.maxMessageBytes = 2_000_000
        expected.bulkMaxSize = 17
        expected.lingerMilliseconds = 250
        expected.username = "user"
        expected.password = "secret"
        expected.saslMechanism = "SCRAM-SHA-512"
        expected.brokerTimeoutMilliseconds = 11_000
        expected.timeoutMilliseconds = 12_000
        expected.metadataRefreshMilliseconds = 60_000
        expected.backoffInitialMilliseconds = 1_500
        expected.backoffMaximumMilliseconds = 20_000
        expected.stalledAfterMilliseconds = 45_000
        expected.maxInFlightBytes = 32 << 20
        expected.recordTimestamp = .log
        expected.clusterMetrics = ClusterMetricsConfiguration()
        expected.librdkafka = ["socket.keepalive.enable": "true", "socket.nagle.disable": "true"]
        let found = try configuration(
            """
            stalled_after: 45s
            max_in_flight: 32MiB
            output.kafka:
              hosts: ["one", "two:9093"]
              client_id: me
              compression: gzip
              compression_level: 4
              required_acks: 1
              max_message_bytes: 2000000
              bulk_max_size: 17
              bulk_flush_frequency: 250ms
              username: user
              password: secret
              sasl.mechanism: SCRAM-SHA-512
              broker_timeout: 11s
              timeout: 12s
              metadata.refresh_frequency: 1m
              backoff.init: 1500ms
              backoff.max: 20s
              record_timestamp: log
              keep_alive: 30s
              librdkafka:
                socket.nagle.disable: true
            """
        )
        #expect(found == expected)
    }

    @Test func everyCompressionAndEveryVerificationIsKnownToTheFlusher() {
        for compression in KafkaOutput.Compression.allCases {
            #expect(KafkaConfiguration.Compression(rawValue: compression.rawValue) != nil)
        }
        for verification in KafkaTLS.VerificationMode.allCases {
            #expect(KafkaConfiguration.Verification(rawValue: verification.rawValue) != nil)
        }
    }

    @Test func aPropertyOfItsOwnWinsOverKeepAlive() throws {
        let found = try configuration(
            """
            output.kafka:
              hosts: ["one"]
              keep_alive: 30s
              librdkafka:
                socket.keepalive.enable: false
            """
        )
        #expect(found.librdkafka == ["socket.keepalive.enable": "false"])
    }

    @Test(arguments: [
        (Duration.milliseconds(1_500), 1_500, UInt64(1_500_000_000)), (.zero, 0, 0),
        (.seconds(90), 90_000, 90_000_000_000),
        (.microseconds(250), 0, 250_000), (.seconds(-1), -1_000, 0),
    ])
    func durationsKeepTheirUnits(duration: Duration, milliseconds: Int, nanoseconds: UInt64) {
        #expect(duration.milliseconds == milliseconds)
        #expect(duration.nanoseconds == nanoseconds)
    }
}
