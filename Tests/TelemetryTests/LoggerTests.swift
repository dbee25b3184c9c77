import Synchronization
import Telemetry
import Testing

/// Keeps what a logger writes.
final class Lines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    func logger(
        _ format: LogFormat = .event,
        minimum: Logger.Level = .debug,
        time: Int64 = 0
    ) -> Logger {
        Logger(
            minimum: minimum,
            format: format,
            clock: { time },
            write: { line in self.lines.withLock { $0.append(line) } }
        )
    }
}

struct LoggerTests {
    @Test func onlyLinesOfTheLevelAndAboveAreWritten() {
        let lines = Lines()
        let logger = lines.logger(minimum: .warning)
        logger.debug("a")
        logger.info("b")
        logger.warning("c")
        logger.error("d")
        #expect(lines.all == ["c", "d"])
    }

    @Test func aHumanLineHasTimeLevelEventAndFields() {
        let lines = Lines()
        lines.logger(.human, time: 1_767_323_045_678_901_234).warning("kafka.topic_held", ["topic": "logs", "n": "3"])
        #expect(lines.all == ["2026-01-02T03:04:05.678Z warning kafka.topic_held topic=logs n=3"])
    }

    @Test(arguments: [
        ("a b", "\"a b\""), ("", "\"\""), ("a=b", "\"a=b\""), ("a\"b", "\"a\\\"b\""), ("a\nb", "\"a\\nb\""),
        ("a\\b", "\"a\\\\b\""), ("\u{1B}[31m", "\"\\u001b[31m\""), ("ä/:-", "ä/:-"), ("\u{85}", "\"\\u0085\""),
        ("\u{2028}", "\"\\u2028\""), ("\r\t", "\"\\r\\t\""),
    ])
    func valuesThatCouldBeMisreadAreQuoted(value: String, written: String) {
        let lines = Lines()
        lines.logger().info("e", ["k": value])
        #expect(lines.all == ["e k=\(written)"])
    }

    @Test func aJSONLineIsOneObject() {
        let lines = Lines()
        let logger = lines.logger(.json)
        logger.error("e.f", ["k": "a\"b\n\u{7F}ä", "time": "x", "k": "y"])
        #expect(
            lines.all == [
                "{\"time\":\"1970-01-01T00:00:00.000Z\",\"level\":\"error\",\"event\":\"e.f\",\"k\":\"a\\\"b\\n\\u007fä\","
                    + "\"time_\":\"x\",\"k_\":\"y\"}"
            ]
        )
    }

    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (951_782_400_000_000_000, "2000-02-29T00:00:00.000Z"),
            (1_709_251_199_999_999_999, "2024-02-29T23:59:59.999Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (4_107_542_400_000_000_000, "2100-03-01T00:00:00.000Z"),
            (1_767_225_599_000_000_000, "2025-12-31T23:59:59.000Z"),
        ] as [(Int64, String)]
    )
    func timesAreWrittenAsRFC3339(nanoseconds: Int64, text: String) {
        let lines = Lines()
        lines.logger(.human, time: nanoseconds).info("e")
        #expect(lines.all == ["\(text) info e"])
    }

    @Test func standardErrorGetsWholeLines() async {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            Logger.standardError(minimum: .info, format: .event).info("first", ["a": "b c"])
            Logger.standardError(minimum: .info, format: .event).error("second")
        }
        let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(text.contains("first a=\"b c\"\nsecond\n"))
    }

    @Test func theSilentLoggerIsSilent() async {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            Logger.silent.error("never")
        }
        #expect(result.map { String(decoding: $0.standardErrorContent, as: UTF8.self).contains("never") } == false)
    }
}
