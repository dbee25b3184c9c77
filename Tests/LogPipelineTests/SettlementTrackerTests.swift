import LogPipeline
import Testing

/// What the tracker must say, with a count for each message.
private struct NaiveTracker {
    private var unsettled: [UInt64: Int] = [:]
    private var highest: UInt64 = 0
    private var isOpen = false

    var through: UInt64 {
        let whole = isOpen ? highest - 1 : highest
        return min(whole, (unsettled.keys.min() ?? .max) - 1)
    }
    var isIdle: Bool { unsettled.isEmpty && !isOpen }

    mutating func committed(_ number: UInt64, isWhole: Bool) {
        highest = max(highest, number)
        unsettled[number, default: 0] += 1
        isOpen = !isWhole
    }

    mutating func received(_ number: UInt64) {
        highest = max(highest, number)
        isOpen = false
    }

    mutating func settled(_ number: UInt64) {
        unsettled[number]! -= 1
        if unsettled[number] == 0 { unsettled[number] = nil }
    }
}

struct SettlementTrackerTests {
    @Test func whatIsSettledInOrderIsAcknowledgedAtOnce() {
        var tracker = SettlementTracker()
        #expect(tracker.settledThrough == 0 && tracker.isIdle)
        for number in 1...100 { tracker.committed(number: UInt64(number)) }
        #expect(tracker.settledThrough == 0 && !tracker.isIdle)
        #expect(tracker.runCount == 1)
        tracker.settled(firstNumber: 1, lastNumber: 40, count: 40)
        #expect(tracker.settledThrough == 40)
        tracker.settled(firstNumber: 51, lastNumber: 100, count: 50)
        #expect(tracker.settledThrough == 40)
        tracker.settled(firstNumber: 41, lastNumber: 50, count: 10)
        #expect(tracker.settledThrough == 100 && tracker.isIdle)
    }

    @Test func aMessageIsSettledWithTheLastOfItsRecords() {
        var tracker = SettlementTracker()
        tracker.committed(number: 1)
        for _ in 0..<3 { tracker.committed(number: 2, isWhole: false) }
        tracker.settled(firstNumber: 1, lastNumber: 2, count: 2)
        tracker.settled(firstNumber: 2, lastNumber: 2, count: 2)
        // More of it may come.
        #expect(tracker.settledThrough == 1 && !tracker.isIdle)
        tracker.committed(number: 2, isWhole: false)
        tracker.received(number: 2)
        #expect(tracker.settledThrough == 1)
        tracker.settled(firstNumber: 2, lastNumber: 2, count: 1)
        #expect(tracker.settledThrough == 2 && tracker.isIdle)
    }

    @Test func aMessageWithoutRecordIsSettledWithThoseBefore() {
        var tracker = SettlementTracker()
        tracker.received(number: 1)
        #expect(tracker.settledThrough == 1)
        tracker.committed(number: 2)
        tracker.received(number: 3)
        tracker.committed(number: 5)
        #expect(tracker.settledThrough == 1)
        tracker.settled(firstNumber: 2, lastNumber: 2, count: 1)
        #expect(tracker.settledThrough == 4)
    }

    @Test(arguments: 0..<20)
    func itSaysWhatCountingEachMessageSays(seed: Int) {
        var random = Seeded(UInt64(seed) + 500)
        var tracker = SettlementTracker()
        var naive = NaiveTracker()
        var number: UInt64 = 0
        var open: [UInt64] = []
        var receipts: [Receipt] = []
        var faults = 0
        for _ in 0..<3_000 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<6:
                number += seed % 4 == 3 && Int.random(in: 0..<20, using: &random) == 0 ? 3 : 1
                let records = seed % 2 == 0 ? 1 : Int.random(in: 0..<4, using: &random)
                for _ in 0..<records {
                    tracker.committed(number: number, isWhole: records == 1)
                    naive.committed(number, isWhole: records == 1)
                    open.append(number)
                    // The batch may be sealed and settled while its message goes on.
                    if Int.random(in: 0..<20, using: &random) == 0 { receipts += SettlementTrackerTests.seal(&open) }
                }
                if records == 1 { break }
                if records > 1, Int.random(in: 0..<4, using: &random) == 0 { break }
                tracker.received(number: number)
                naive.received(number)
            case 6: receipts += SettlementTrackerTests.seal(&open)
            default:
                guard !receipts.isEmpty else { break }
                let receipt = receipts.remove(at: Int.random(in: 0..<min(receipts.count, 8), using: &random))
                tracker.settled(
                    firstNumber: receipt.firstNumber,
                    lastNumber: receipt.lastNumber,
                    count: receipt.count
                )
                for record in 0..<receipt.count {
                    naive.settled(receipt.number(ofRecord: receipt.firstRecord + record))
                }
            }
            if tracker.settledThrough != naive.through || tracker.isIdle != naive.isIdle { faults += 1 }
            let runs = receipts.count + Set(open).count
            if tracker.runCount > 2 * runs + 2 { faults += 1 }
        }
        #expect(faults == 0)
        for receipt in receipts + SettlementTrackerTests.seal(&open) {
            tracker.settled(firstNumber: receipt.firstNumber, lastNumber: receipt.lastNumber, count: receipt.count)
        }
        tracker.received(number: number)
        #expect(tracker.settledThrough == number && tracker.isIdle)
        #expect(number > 1_000)
    }

    /// A batch's receipts for records of these messages.
    private static func seal(_ numbers: inout [UInt64]) -> [Receipt] {
        let batch = Batch(capacity: max(1, numbers.count))
        batch.open(topic: TopicIndex(rawValue: 0), loop: 0, partition: 0, receivedAt: 0)
        let text = Array("x".utf8)
        text.withUnsafeBytes { bytes in
            for number in numbers {
                let record = Record(payload: bytes.baseAddress!, count: 1)
                batch.append(record, receipt: ReceiptKey(owner: 1, number: number))
            }
        }
        numbers = []
        return batch.receipts
    }

    @Test func aLongRunOfAloneStandingMessagesIsSettledInTime() {
        var tracker = SettlementTracker()
        for number in 1...200_000 {
            if number % 2 == 0 {
                tracker.committed(number: UInt64(number))
            } else {
                tracker.received(number: UInt64(number))
            }
        }
        #expect(tracker.runCount == 100_000)
        for number in stride(from: 2, through: 200_000, by: 2) {
            tracker.settled(firstNumber: UInt64(number), lastNumber: UInt64(number), count: 1)
        }
        #expect(tracker.settledThrough == 200_000 && tracker.isIdle)
    }
}
