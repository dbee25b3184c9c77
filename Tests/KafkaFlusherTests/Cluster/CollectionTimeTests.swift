import Testing

@testable import KafkaFlusher

struct CollectionTimeTests {
    @Test func noQuestionTakesMoreThanAQuarterAndAllTogetherNoMoreThanTheWhole() {
        let start: UInt64 = 5_000_000_000
        let time = CollectionTime(start: start, milliseconds: 8_000)
        #expect(time.patience(now: start) == 2_000)
        #expect(time.patience(now: start + 6_500_000_000) == 1_500)
        #expect(time.patience(now: start + 7_999_000_000) == nil)
        #expect(time.patience(now: start + 8_000_000_000) == nil)
        #expect(time.patience(now: start + 80_000_000_000) == nil)
    }
}
