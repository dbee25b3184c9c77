import Testing

@testable import sluice_load

struct VerifierPatienceTests {
    /// What it says when asked: records since the last time, whether all is there, and the time in milliseconds.
    private func answers(_ times: [(records: Int, isComplete: Bool, at: Int)]) -> [Bool] {
        var patience = VerifierPatience(timeout: .seconds(15))
        return times.map { patience.isOver($0.records, $0.isComplete, now: .milliseconds($0.at)) }
    }

    @Test func whatIsMissingIsWaitedForUntilNothingCameForLongEnough() {
        #expect(
            answers([(0, false, 0), (0, false, 14_999), (1, false, 14_999), (0, false, 29_998), (0, false, 29_999)])
                == [false, false, false, false, true]
        )
    }

    @Test func onceAllIsThereOnlyRepetitionsAreWaitedFor() {
        #expect(answers([(9, true, 100), (0, true, 599), (0, true, 600)]) == [false, false, true])
        #expect(answers([(9, true, 100), (1, true, 599), (0, true, 600)]) == [false, false, false])
    }
}
