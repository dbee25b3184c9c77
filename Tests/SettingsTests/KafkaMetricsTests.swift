import Testing

@testable import Settings

struct KafkaMetricsTests {
    @Test func withoutAWordTheyAreOnForAllGroupsAndOurOwnTopics() throws {
        let metrics = try load("").kafkaMetrics
        #expect(metrics == Settings.KafkaMetrics())
        #expect(metrics.isEnabled && metrics.topics.isEmpty && metrics.groups == [".*"])
        #expect(metrics.period == .seconds(15) && metrics.timeout == .seconds(10))
        #expect(metrics.maxSeries == 100_000)
    }

    @Test func everyKeyIsRead() throws {
        let metrics = try load(
            """
            kafka_metrics:
              enabled: false
              topics: ["^audit-", "a{2,3}"]
              groups: [billing]
              period: 1m
              timeout: 20s
              max_series: 5000
            """
        ).kafkaMetrics
        #expect(!metrics.isEnabled)
        #expect(metrics.topics == ["^audit-", "a{2,3}"])
        #expect(metrics.groups == ["billing"])
        #expect(metrics.period == .seconds(60) && metrics.timeout == .seconds(20))
        #expect(metrics.maxSeries == 5_000)
    }

    @Test func aShortPeriodShortensTheTimeout() throws {
        let metrics = try load("kafka_metrics.period: 3s").kafkaMetrics
        #expect(metrics.timeout == .seconds(3))
    }

    @Test func noGroupsAtAllCanBeAskedFor() throws {
        #expect(try load("kafka_metrics.groups: []").kafkaMetrics.groups.isEmpty)
    }

    @Test(arguments: [
        ("kafka_metrics: {topics: ['(', good]}", "kafka_metrics.topics: \"(\" is no regular expression"),
        ("kafka_metrics:\n  groups:\n    - good\n    - '['", "a.yml:4: kafka_metrics.groups: \"[\""),
        ("kafka_metrics.period: 10ms", "kafka_metrics.period"),
        ("kafka_metrics: {period: 5s, timeout: 6s}", "longer than kafka_metrics.period"),
        ("kafka_metrics.max_series: 0", "kafka_metrics.max_series"),
        ("kafka_metrics: {topic: a}", "did you mean \"kafka_metrics.topics\""),
        ("kafka_metrics: off", "kafka_metrics"),
    ])
    func whatCannotBeIsRefused(text: String, words: String) {
        let found = errors(text)
        #expect(found.contains { $0.contains(words) }, "\(found)")
    }

    @Test func withoutKafkaTheyHaveNoEffect() throws {
        let found = try warnings("output.console: {}\nkafka_metrics: {enabled: true}")
        #expect(found.contains { $0.contains("kafka_metrics: has no effect") }, "\(found)")
        #expect(try warnings("output.console: {}").isEmpty)
    }
}
