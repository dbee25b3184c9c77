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

    @Test func groupsLeaveTimeForWhatComesBehindThem() {
        let time = CollectionTime(start: 0, milliseconds: 8_000)
        #expect(time.endOfGroups(now: 0) == 5_000_000_000)
        #expect(time.endOfGroups(now: 4_000_000_000) == 6_500_000_000)
        #expect(time.patience(now: 0, until: 1_000_000_000) == 1_000)
        #expect(time.patience(now: 0, until: 5_000_000) == nil)
    }

    @Test func eachBrokerHasItsShareOfTheTimeAndTheLastOneAllThatIsLeft() {
        let time = CollectionTime(start: 0, milliseconds: 9_000)
        #expect(time.endOfTurn(now: 0, brokers: 3) == 3_000_000_000)
        #expect(time.endOfTurn(now: 1_000_000_000, brokers: 2) == 5_000_000_000)
        #expect(time.endOfTurn(now: 1_000_000_000, brokers: 1) == 9_000_000_000)
        // Of very many, each has as much as a question needs.
        let end = time.endOfTurn(now: 0, brokers: 9_000)
        #expect(end == 40_000_000)
        #expect(time.patience(now: 1_000, until: end) == 39)
        #expect(time.endOfTurn(now: 9_500_000_000, brokers: 3) == 9_500_000_000)
    }
}
