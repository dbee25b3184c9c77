import Testing

@testable import Gateway

@Suite struct RateHistoryTests {
    private func totals(_ seconds: Double, _ count: UInt64) -> RateHistory.Totals {
        RateHistory.Totals(
            at: UInt64(seconds * 1e9),
            received: [count, 0],
            receivedBytes: [count * 10, 0],
            delivered: [count / 2],
            dropped: count / 4
        )
    }

    @Test func whoAsksFirstIsToldTheRateSinceTheStart() {
        let history = RateHistory(start: 2 * second)
        let rates = history.rates(to: totals(12, 100))
        #expect(rates.over == 10)
        #expect(rates.received == [10, 0])
        #expect(rates.receivedBytes == [100, 0])
        #expect(rates.delivered == [5])
        #expect(rates.dropped == 2.5)
    }

    @Test func inTheFirstMomentNothingIsDividedByNothing() {
        let rates = RateHistory(start: 2 * second).rates(to: totals(2, 100))
        #expect(rates.received == [0, 0] && rates.over == 0)
    }

    @Test func withCountsOfEverySecondItIsThoseOfTheLastFive() {
        var history = RateHistory(start: 0)
        for number in 0..<60 { history.add(totals(Double(number), UInt64(number * number))) }
        let rates = history.rates(to: totals(60, 3_600))
        #expect(rates.over == 5)
        #expect(rates.received[0] == Double(3_600 - 55 * 55) / 5)
    }

    @Test func afterASilenceItIsTheRateSinceTheLastCounts() {
        var history = RateHistory(start: 0)
        history.add(totals(10, 0))
        history.add(totals(20, 100))
        let rates = history.rates(to: totals(50, 400))
        #expect(rates.over == 30)
        #expect(rates.received[0] == 10)
    }

    @Test func countsOfJustNowAreNoBase() {
        var history = RateHistory(start: 0)
        history.add(totals(10, 100))
        history.add(totals(11.9, 200))
        #expect(history.rates(to: totals(12, 200)).over == 2)
    }

    @Test func whatIsCountedFromTheBeginningAgainGivesNoRateBelowZero() {
        let rates = RateHistory.Rates(from: totals(1, 100), to: totals(2, 50))
        #expect(rates.received == [0, 0] && rates.dropped == 0)
    }

    @Test func aRouteThatIsNewCountsFromNothing() {
        var later = totals(2, 100)
        later.received.append(7)
        #expect(RateHistory.Rates(from: totals(1, 100), to: later).received == [0, 0, 7])
    }
}
