import Testing

@testable import KafkaFlusher

struct ProducerReplacementTests {
    private let second: UInt64 = 1_000_000_000

    private func replacement() -> ProducerReplacement {
        ProducerReplacement(backoff: Backoff(initial: 1_000, maximum: 30_000))
    }

    @Test func itHoldsEmptiesAndMakesAnotherProducer() {
        var replacement = replacement()
        #expect(replacement.step(now: 1, isEmpty: false) == .nothing)
        replacement.begin(.fatal("lost sequence"))
        #expect(replacement.step(now: 1, isEmpty: false) == .holdEverything)
        #expect(replacement.step(now: 2, isEmpty: false) == .nothing)
        #expect(replacement.step(now: 3, isEmpty: true) == .makeProducer(batchBytes: nil))
        replacement.done(now: 4)
        #expect(!replacement.isActive)
        #expect(replacement.fatalText == nil)
    }

    @Test func whatDoesNotComeBackIsTakenBack() {
        var replacement = replacement()
        replacement.begin(.smallerBatches(2_000))
        #expect(replacement.step(now: 0, isEmpty: false) == .holdEverything)
        #expect(replacement.step(now: ProducerReplacement.grace - 1, isEmpty: false) == .nothing)
        #expect(replacement.step(now: ProducerReplacement.grace, isEmpty: false) == .takeBack)
        #expect(replacement.step(now: ProducerReplacement.grace + 1, isEmpty: false) == .nothing)
        #expect(replacement.step(now: ProducerReplacement.grace + 2, isEmpty: true) == .makeProducer(batchBytes: 2_000))
    }

    @Test func theSmallestBatchWins() {
        var replacement = replacement()
        replacement.begin(.smallerBatches(2_000))
        replacement.begin(.smallerBatches(1_000))
        _ = replacement.step(now: 0, isEmpty: false)
        #expect(replacement.step(now: 1, isEmpty: true) == .makeProducer(batchBytes: 1_000))
    }

    @Test func fatalErrorsThatFollowEachOtherAreAnsweredLaterAndLater() {
        var replacement = replacement()
        var now = second
        var waits: [UInt64] = []
        for _ in 0..<4 {
            replacement.begin(.fatal("again"))
            _ = replacement.step(now: now, isEmpty: true)
            let begun = now
            while replacement.step(now: now, isEmpty: true) == .nothing { now += second / 10 }
            waits.append((now - begun) / (second / 10))
            replacement.done(now: now)
        }
        #expect(waits[0] == 0)
        #expect(waits[1] >= 5)
        #expect(waits[2] >= 10)
        #expect(waits[3] >= 20)
    }

    @Test func anErrorWhileItIsUnderWayIsAnsweredByTheSameReplacement() {
        var replacement = replacement()
        replacement.begin(.smallerBatches(2_000))
        #expect(replacement.step(now: 0, isEmpty: false) == .holdEverything)
        replacement.begin(.fatal("meanwhile"))
        #expect(replacement.fatalText == "meanwhile")
        #expect(replacement.step(now: 1, isEmpty: false) == .nothing)
        replacement.begin(.fatal("and again"))
        #expect(replacement.step(now: 2, isEmpty: true) == .makeProducer(batchBytes: 2_000))
        replacement.done(now: 3)
        #expect(!replacement.isActive)
        #expect(replacement.step(now: 4, isEmpty: true) == .nothing)
    }

    @Test func aProducerThatCannotBeMadeIsTriedAgain() {
        var replacement = replacement()
        replacement.begin(.fatal("lost sequence"))
        _ = replacement.step(now: 0, isEmpty: true)
        #expect(replacement.step(now: 1, isEmpty: true) == .makeProducer(batchBytes: nil))
        replacement.failed(now: 1)
        #expect(replacement.step(now: 2, isEmpty: true) == .nothing)
        #expect(replacement.step(now: 2 * second, isEmpty: true) == .makeProducer(batchBytes: nil))
    }
}
