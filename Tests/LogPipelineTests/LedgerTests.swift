import LogPipeline
import Telemetry
import Testing

struct LedgerTests {
    private func filledBatch(_ logs: Int, topic: Int = 0, at time: UInt64 = 0) -> Batch {
        let batch = Batch(capacity: logs)
        batch.open(topic: TopicIndex(rawValue: topic), loop: 0, partition: 0, receivedAt: time)
        let bytes = UnsafeMutableRawPointer.allocate(byteCount: 1, alignment: 1)
        defer { bytes.deallocate() }
        for _ in 0..<logs { batch.append(Record(payload: bytes, count: 10)) }
        return batch
    }

    @Test func theLawHoldsAfterEveryEvent() {
        var ledger = Ledger(routes: 2, topics: 2)
        var random = Seeded(5)
        var waiting: [Batch] = []
        var open = 0
        for step in 0..<5_000 {
            switch Int.random(in: 0..<4, using: &random) {
            case 0:
                ledger.received(route: step % 2, bytes: 7)
                ledger.dropped(DropReason.allCases[step % DropReason.allCases.count])
            case 1:
                ledger.received(route: step % 2, bytes: 7)
                open += 1
            case 2 where open > 0:
                let batch = filledBatch(open, topic: step % 2, at: UInt64(step))
                ledger.handedOver(batch)
                waiting.append(batch)
                open = 0
            default:
                guard let batch = waiting.randomElement(using: &random) else { continue }
                waiting.removeAll { $0 === batch }
                for record in 0..<batch.count {
                    if record % 3 == 0 {
                        _ = batch.settleDropped(record: record, reason: .recordRefused)
                    } else {
                        _ = batch.settleDelivered(1)
                    }
                }
                ledger.settled(batch, now: UInt64(step))
            }
            let snapshot = ledger.snapshot(heldBytes: open * 10, now: UInt64(step))
            #expect(snapshot.isBalanced)
            #expect(snapshot.inFlight == open + waiting.reduce(0) { $0 + $1.count })
            #expect(snapshot.inFlightBytes == snapshot.inFlight * 10)
            let oldest = waiting.map(\.receivedAt).min()
            #expect(snapshot.oldestInFlight == oldest.map { UInt64(step) - $0 } ?? 0)
        }
        let end = ledger.snapshot(heldBytes: 0, now: 5_000)
        #expect(end.delivered.allSatisfy { $0 > 0 })
        #expect(end.delivery.total == end.delivered.reduce(0, +))
        #expect(end.dropped.allSatisfy { $0 > 0 })
    }

    @Test func snapshotsOfLoopsAddUp() {
        var first = Ledger(routes: 1, topics: 1)
        var second = Ledger(routes: 1, topics: 1)
        first.received(route: 0, bytes: 3)
        second.received(route: 0, bytes: 4)
        second.received(route: 0, bytes: 5)
        second.dropped(.maxLen)
        second.receivedOnly(route: 0, bytes: 100)
        let batch = filledBatch(1, at: 40)
        first.handedOver(batch)
        var sum = first.snapshot(heldBytes: 0, now: 100)
        sum.merge(second.snapshot(heldBytes: 20, now: 100))
        #expect(sum.received == [3])
        #expect(sum.receivedBytes == [112])
        #expect(sum.dropped(.maxLen) == 1)
        #expect(sum.inFlight == 2)
        #expect(sum.inFlightBytes == 30)
        #expect(sum.oldestInFlight == 60)
        #expect(sum.isBalanced)
    }
}
