import LogPipeline
import Testing

@testable import KafkaFlusher

struct HeldPartitionTests {
    private let batch = Batch(capacity: 4)

    init() { batch.open(topic: TopicIndex(rawValue: 0), loop: 0, partition: 0, receivedAt: 0) }

    private func entry() -> HeldPartition {
        let topic = KafkaTopic(
            name: "logs",
            index: TopicIndex(rawValue: 0),
            gate: InFlightBudget(bytes: 1 << 20, recordOverhead: 0).makeGate()
        )
        let hold = PartitionHold(backoff: Backoff(initial: 1_000, maximum: 30_000))
        return HeldPartition(topic: topic, partition: KafkaPartition(number: 0, held: true), hold: hold)
    }

    @Test func ofAMessageSetWhoseCulpritKafkaNamesOnlyThatOneIsDropped() {
        var entry = entry()
        for index in 0..<4 {
            var record = HeldRecord(batch: batch, index: index)
            if index == 2 { record.fault = .recordRefused } else { record.isBystander = true }
            entry.add(record, reason: nil)
        }
        let drained = entry.drained()
        #expect(drained == PartitionHold.Drained(held: 4, faulty: 1, suspects: 3, refused: 0))
        #expect(entry.hold.drained(drained, now: 0, random: 0) == .dropFaulty)
        #expect(entry.remove { $0.fault != nil }.map(\.index) == [2])
        let rest = entry.drained()
        let next = entry.hold.drained(rest, now: 0, random: 0)
        #expect(next == .probe(3))
        #expect(entry.takeFirst(3).allSatisfy { !$0.isBystander })
    }

    @Test func bystandersOfNobodyAreTriedAgainAfterAWait() {
        var entry = entry()
        for index in 0..<3 {
            entry.add(HeldRecord(batch: batch, index: index, isBystander: true), reason: nil)
        }
        let drained = entry.drained()
        #expect(drained == PartitionHold.Drained(held: 3, faulty: 0, suspects: 0, refused: 3))
        #expect(entry.hold.drained(drained, now: 0, random: 0) == .wait(until: 500_000_000))
    }
}
