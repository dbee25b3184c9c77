import LogPipeline
import Testing

@testable import KafkaFlusher

/// The decisions about a held partition, without Kafka.
struct PartitionHoldTests {
    private func hold() -> PartitionHold { PartitionHold(backoff: Backoff(initial: 1_000, maximum: 30_000)) }

    private func drained(_ held: Int, faulty: Int = 0, suspects: Int = 0, refused: Int = 0) -> PartitionHold.Drained {
        PartitionHold.Drained(held: held, faulty: faulty, suspects: suspects, refused: refused)
    }

    @Test func aRefusalWaitsAsksProbesAndReleases() {
        var hold = hold()
        let waiting = hold.drained(drained(100, refused: 100), now: 0, random: 0)
        #expect(waiting == .wait(until: 500_000_000))
        #expect(hold.deadline(now: 499_999_999) == .nothing)
        #expect(hold.deadline(now: 500_000_000) == .askMetadata)
        #expect(hold.answered(usable: true, held: 100, now: 500_000_000, random: 0) == .probe(16))
        #expect(hold.drained(drained(84), now: 600_000_000, random: 0) == .release)
    }

    @Test func everyFailedProbeWaitsLongerUpToTheMaximum() {
        var hold = hold()
        var now: UInt64 = 0
        var waits: [UInt64] = []
        for _ in 0..<8 {
            guard case .wait(let until) = hold.drained(drained(50, refused: 16), now: now, random: 0) else { break }
            waits.append((until - now) / 1_000_000)
            now = until
            #expect(hold.deadline(now: now) == .askMetadata)
            #expect(hold.answered(usable: true, held: 50, now: now, random: 0) == .probe(16))
        }
        #expect(waits == [500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000])
    }

    @Test func aTopicThatCannotBeUsedIsAskedForAgainAndNotProbed() {
        var hold = hold()
        _ = hold.drained(drained(5, refused: 5), now: 0, random: 0)
        _ = hold.deadline(now: 500_000_000)
        let again = hold.answered(usable: false, held: 5, now: 500_000_000, random: 0)
        #expect(again == .wait(until: 1_500_000_000))
        #expect(hold.phase == .waiting(until: 1_500_000_000))
    }

    @Test func jitterIsAtMostHalfOfTheWait() {
        for random in [0, 1, 499_999, 500_000_000, UInt64.max] {
            var backoff = Backoff(initial: 1_000, maximum: 30_000)
            let wait = backoff.next(random: random)
            #expect((500_000_000...1_000_000_000).contains(wait))
        }
    }

    @Test func backoffDoesNotOverflow() {
        var backoff = Backoff(initial: 1_000, maximum: 30_000)
        for _ in 0..<1_000 { #expect(backoff.next(random: .max) <= 30_000_000_000) }
    }

    @Test func oneRecordRefusedAloneIsDroppedAtOnce() {
        var hold = hold()
        #expect(hold.drained(drained(1, faulty: 1, suspects: 1), now: 0, random: 0) == .dropFaulty)
        #expect(hold.drained(drained(0), now: 0, random: 0) == .release)
    }

    @Test func anEmptyHoldIsReleasedAfterAnAnswer() {
        var hold = hold()
        hold.restarted(now: 7)
        #expect(hold.deadline(now: 7) == .askMetadata)
        #expect(hold.answered(usable: true, held: 0, now: 8, random: 0) == .release)
    }

    @Test func theEndCutsAWaitShort() {
        var hold = hold()
        _ = hold.drained(drained(5, refused: 5), now: 0, random: 0)
        hold.hasten(latest: 10)
        #expect(hold.deadline(now: 10) == .askMetadata)
    }

    /// Plays Kafka: a probe is refused as a whole if a record at fault is in it.
    @Test(arguments: [[0], [63], [31, 32], [5, 17, 40], Array(0..<64), [], [1, 2, 3, 60]], [64, 200])
    func theRecordsAtFaultAreFoundAndNoOthers(_ bad: [Int], held count: Int) {
        var hold = hold()
        var records = Array(0..<count)
        var stored: [Int] = []
        var dropped: [Int] = []
        let bad = Set(bad)
        let first = Set(0..<64)
        let refusedFirst = !bad.isEmpty
        var faulty = refusedFirst ? first : []
        if !refusedFirst { records.removeAll { first.contains($0) } }
        var steps = 0
        while steps < 1_000 {
            steps += 1
            let last = records.lastIndex { faulty.contains($0) } ?? -1
            let action = hold.drained(
                drained(records.count, faulty: faulty.count, suspects: last + 1),
                now: 0,
                random: 0
            )
            faulty = faulty.count == 1 ? faulty : []
            switch action {
            case .dropFaulty:
                dropped += records.filter { faulty.contains($0) }
                records.removeAll { faulty.contains($0) }
                faulty = []
                continue
            case .probe(let size):
                let probe = Array(records.prefix(size))
                if probe.contains(where: { bad.contains($0) }) {
                    faulty = Set(probe)
                } else {
                    stored += probe
                    records.removeFirst(probe.count)
                    faulty = []
                }
                continue
            case .release:
                stored += records
                records = []
            default: Issue.record("\(action)")
            }
            break
        }
        #expect(records.isEmpty)
        #expect(Set(dropped) == bad)
        #expect(stored == stored.sorted())
    }
}
