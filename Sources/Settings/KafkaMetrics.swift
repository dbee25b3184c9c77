extension Settings {
    /// `kafka_metrics`: what `/metrics` tells of the cluster itself, as kafka_exporter would.
    package struct KafkaMetrics: Equatable, Sendable {
        /// `kafka_metrics.enabled`. Default: true; without `output.kafka` there is nothing to tell.
        package var isEnabled = true
        /// `kafka_metrics.topics`: regular expressions; topics in whose names one is found are told of beside those
        /// that Sluice writes. Default: none.
        package var topics: [String] = []
        /// `kafka_metrics.groups`: regular expressions; consumer groups in whose names one is found are told of.
        /// Default: all.
        package var groups = [".*"]
        /// `kafka_metrics.period`: how often the cluster is asked. Default: 15 s.
        package var period = Duration.seconds(15)
        /// `kafka_metrics.timeout`: how long that may take. Default: 10 s, or the period where that is shorter.
        package var timeout = Duration.seconds(10)
        /// `kafka_metrics.max_series`: series of the cluster on `/metrics` at most. Default: 100000.
        package var maxSeries = 100_000

        package init() {}

        init(_ reader: inout TableReader, _ elsewhere: () -> [String]) {
            isEnabled = reader.bool("enabled") ?? isEnabled
            topics = Self.patterns("topics", &reader) ?? topics
            groups = Self.patterns("groups", &reader) ?? groups
            period = reader.duration("period", atMost: .seconds(3600)) ?? period
            let isOwn = !reader.isMissing("timeout")
            timeout = reader.duration("timeout", atMost: .seconds(3600)) ?? min(timeout, period)
            maxSeries = reader.integer("max_series", in: 100...10_000_000) ?? maxSeries
            reader.finish(elsewhere: elsewhere)
            if period < .seconds(1) { reader.fail("period", .invalid("is shorter than 1s")) }
            if isOwn && timeout > period {
                reader.fail("timeout", .contradiction("(\(timeout)) is longer than kafka_metrics.period (\(period))"))
            }
        }

        /// Regular expressions, each tried here so that the one that does not compile is named. An empty list is one.
        private static func patterns(_ name: String, _ reader: inout TableReader) -> [String]? {
            let texts = reader.list(name)
            guard !reader.isMissing(name) else { return nil }
            for (text, origin) in texts {
                do {
                    _ = try Regex<AnyRegexOutput>(text)
                } catch {
                    reader.report.fail(
                        reader.whole(name),
                        at: origin,
                        .invalid("\"\(text)\" is no regular expression: \(Self.sentence(of: error))")
                    )
                }
            }
            return texts.map(\.text)
        }

        private static func sentence(of error: any Error) -> String {
            let text = "\(error)"
            return text.split(separator: "\n").first.map(String.init) ?? text
        }
    }
}
