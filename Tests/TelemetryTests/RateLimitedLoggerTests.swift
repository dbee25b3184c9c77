import Synchronization
import Telemetry
import Testing

struct RateLimitedLoggerTests {
    /// A clock that tests move.
    private final class HandClock: Sendable {
        let seconds = Atomic<Int64>(0)

        func now() -> Int64 { seconds.load(ordering: .relaxed) * 1_000_000_000 }
    }

    @Test func aRepeatedFaultIsSaidOnceInTheInterval() {
        let lines = Lines()
        let clock = HandClock()
        let logger = RateLimitedLogger(lines.logger(), interval: .seconds(10), clock: clock.now)
        for second in 0..<25 {
            clock.seconds.store(Int64(second), ordering: .relaxed)
            logger.log(.warning, "kafka.down", ["broker": "a"])
        }
        #expect(
            lines.all == ["kafka.down broker=a", "kafka.down broker=a repeated=9", "kafka.down broker=a repeated=9"]
        )
    }

    @Test func subjectsAreHeldApart() {
        let lines = Lines()
        let logger = RateLimitedLogger(lines.logger(), clock: { 0 })
        logger.log(.error, "held", about: "a")
        logger.log(.error, "held", about: "b")
        logger.log(.error, "held", about: "a")
        logger.log(.error, "freed", about: "a")
        #expect(lines.all == ["held", "held", "freed"])
    }

    @Test func memoryForSubjectsIsBounded() {
        let lines = Lines()
        let logger = RateLimitedLogger(lines.logger(), clock: { 0 })
        for subject in 0..<300 { logger.log(.info, "e", about: String(subject)) }
        logger.log(.info, "e", about: "299")
        #expect(lines.all.count == 300)
        for subject in 0..<300 { logger.log(.info, "e", about: String(subject)) }
        #expect(lines.all.count > 300)
    }
}
