import LogPipeline
import Testing

/// Logs of owners who want to know, some of whom have headers, through a writer whose lanes move between partitions.
private struct Owners: ~Copyable {
    var writer: LogWriter
    private var random: Seeded
    private var numbers: [UInt64]
    private var trackers: [SettlementTracker]
    private var unsettled: [[UInt64: Int]]
    private let sources: [RecordSource?]
    private var now: UInt64 = 0
    private var partitions = 1
    private var inFlight: [Batch] = []
    private(set) var seen = 0
    private(set) var drops = 0
    private(set) var faults: [String] = []

    init(seed: Int, owners: Int) {
        random = Seeded(UInt64(seed))
        writer = makeWriter(loop: seed) {
            $0.chunkBytes = 4096
            $0.bulkMaxSize = 50
            $0.partitioning.logsPerPartition = 60
            $0.partitioning.reviewInterval = 5_000_000
            $0.partitioning.reviewsPerRotation = 2
        }
        numbers = Array(repeating: 0, count: owners)
        trackers = Array(repeating: SettlementTracker(), count: owners)
        unsettled = Array(repeating: [:], count: owners)
        sources = (0..<owners).map { owner in
            owner % 3 == 0 ? nil : RecordSource(headers: [(name: "owner", value: Array(String(owner).utf8))])
        }
    }

    mutating func tick(messages: Int) {
        now += 1_000_000
        if Int.random(in: 0..<30, using: &random) == 0 { partitions += 1 }
        for _ in 0..<messages { message(of: Int.random(in: 0..<numbers.count, using: &random)) }
        seal()
    }

    /// Every fourth owner does not ask; every fifth one splits.
    private mutating func message(of owner: Int) {
        numbers[owner] += 1
        let number = numbers[owner]
        let asks = owner % 4 != 0
        let logs = owner % 5 == 0 ? Int.random(in: 0..<6, using: &random) : 1
        for log in 0..<logs {
            let isBad = Int.random(in: 0..<15, using: &random) == 0
            let text = isBad ? "{" : "{\"timestamp\":\(owner),\"number\":\(number),\"log\":\(log)}"
            let bytes = Array(text.utf8)
            writer.reserve(bytes.count).copyMemory(from: bytes, byteCount: bytes.count)
            let admission = writer.commit(
                bytes.count,
                kind: .text,
                codec: .json,
                lane: owner & 63,
                at: morning,
                source: sources[owner],
                receipt: asks ? Owners.key(owner, number, log) : nil
            )
            if (admission == .accepted) == isBad { faults.append("\(text): \(admission)") }
            guard admission == .accepted, asks else { continue }
            trackers[owner].committed(number: number, isWhole: false)
            unsettled[owner][number, default: 0] += 1
        }
        trackers[owner].received(number: number)
    }

    mutating func seal() {
        for batch in writer.sealAll(partitions: partitions, now: now) {
            check(batch)
            inFlight.append(batch)
        }
    }

    private mutating func check(_ batch: Batch) {
        var next = 0
        for receipt in batch.receipts {
            if receipt.firstRecord < next || receipt.count < 1 { faults.append("\(receipt) overlaps") }
            next = receipt.firstRecord + receipt.count
        }
        if next > batch.count { faults.append("receipts beyond the batch") }
        var headers = 0
        for (record, text) in batch.texts.enumerated() {
            seen += 1
            let (owner, number, log) = Owners.parse(text)
            let wanted = owner % 4 == 0 ? nil : Owners.key(owner, number, log)
            if batch.receipt(ofRecord: record) != wanted {
                faults.append("\(text) is of \(String(describing: wanted))")
            }
            if batch.number(ofRecord: record) != wanted?.number { faults.append("\(text) has another number") }
            let covering = batch.receipts.filter { ($0.firstRecord..<$0.firstRecord + $0.count).contains(record) }
            if covering.count != (wanted == nil ? 0 : 1) { faults.append("\(text) is in \(covering.count) receipts") }
            if batch.source(ofRecord: record) !== sources[owner] { faults.append("\(text) has another source") }
            headers += sources[owner]?.byteCount ?? 0
        }
        if batch.headerBytes != headers || batch.hasSources != (headers > 0) {
            faults.append("\(headers) header bytes")
        }
    }

    mutating func settle(atMost count: Int) {
        for _ in 0..<count where !inFlight.isEmpty {
            let batch = inFlight.remove(at: Int.random(in: 0..<inFlight.count, using: &random))
            if Bool.random(using: &random) {
                let record = Int.random(in: 0..<batch.count, using: &random)
                _ = batch.settleDropped(record: record, reason: .recordRefused)
            }
            if batch.count > batch.settled { _ = batch.settleDelivered(batch.count - batch.settled) }
            settled(batch)
        }
    }

    private mutating func settled(_ batch: Batch) {
        let texts = batch.texts
        for drop in batch.drops {
            drops += 1
            let (owner, number, _) = Owners.parse(texts[drop.record])
            let wanted = owner % 4 == 0 ? nil : number
            if batch.number(ofRecord: drop.record) != wanted { faults.append("the drop of \(number) is another's") }
        }
        for text in texts {
            let (owner, number, _) = Owners.parse(text)
            guard owner % 4 != 0, let left = unsettled[owner][number] else { continue }
            unsettled[owner][number] = left == 1 ? nil : left - 1
        }
        for receipt in batch.receipts {
            trackers[Int(receipt.owner)].settled(
                firstNumber: receipt.firstNumber,
                lastNumber: receipt.lastNumber,
                count: receipt.count
            )
        }
        writer.settled(batch)
        if batch.hasSources || !batch.receipts.isEmpty { faults.append("a settled batch remembers") }
        for owner in trackers.indices {
            let wanted =
                unsettled[owner].keys.min().map { $0 - 1 } ?? (owner % 4 == 0 ? numbers[owner] : numbers[owner])
            if trackers[owner].settledThrough != wanted { faults.append("owner \(owner): not \(wanted)") }
        }
    }

    mutating func drain() {
        var rounds = 0
        while writer.heldBytes > 0 || !inFlight.isEmpty, rounds < 100_000 {
            settle(atMost: 10)
            seal()
            rounds += 1
        }
        if !trackers.indices.allSatisfy({ trackers[$0].isIdle }) { faults.append("something is never settled") }
    }

    /// Owners that split count the logs of a message.
    private static func key(_ owner: Int, _ number: UInt64, _ log: Int) -> ReceiptKey {
        ReceiptKey(owner: UInt64(owner), number: number, position: owner % 5 == 0 ? UInt32(log + 1) : 0)
    }

    private static func parse(_ text: String) -> (owner: Int, number: UInt64, log: Int) {
        let numbers = text.split { !$0.isNumber }.compactMap { Int($0) }
        return (numbers[0], UInt64(numbers[1]), numbers[2])
    }
}

struct ReceiptTests {
    @Test(arguments: 0..<8)
    func everyRecordIsFoundUnderItsOwnersNumber(seed: Int) {
        var random = Seeded(UInt64(seed) + 3_000)
        var owners = Owners(seed: seed, owners: [1, 2, 7, 100][seed % 4] + 1)
        for tick in 0..<200 {
            owners.tick(messages: Int.random(in: 0..<150, using: &random))
            owners.settle(atMost: Int.random(in: 0..<(tick / 20 % 2 == 0 ? 2 : 12), using: &random))
        }
        owners.drain()
        let faults = owners.faults
        #expect(faults.isEmpty, "\(faults.prefix(3))")
        let (seen, drops) = (owners.seen, owners.drops)
        #expect(seen > 5_000)
        #expect(drops > 10)
    }

    @Test func aRunIsOneReceipt() {
        var writer = makeWriter()
        func commit(_ owner: UInt64, _ number: UInt64) {
            writer.reserve(1).storeBytes(of: UInt8(ascii: "x"), as: UInt8.self)
            let key = ReceiptKey(owner: owner, number: number)
            _ = writer.commit(1, kind: .text, codec: .raw, lane: 0, at: morning, receipt: key)
        }
        for number in 1...500 { commit(7, UInt64(number)) }
        for _ in 0..<500 { commit(7, 501) }
        commit(8, 502)
        commit(8, 504)
        let receipts = writer.sealAll().flatMap(\.receipts)
        #expect(receipts.map(\.owner) == [7, 7, 8, 8])
        #expect(receipts.map(\.firstRecord) == [0, 501, 1_000, 1_001])
        #expect(receipts.map(\.count) == [501, 499, 1, 1])
        #expect(receipts.map(\.firstNumber) == [1, 501, 502, 504])
        #expect(receipts.map(\.lastNumber) == [501, 501, 502, 504])
    }

    @Test func aSettledBatchLetsItsSourcesGo() {
        var writer = makeWriter()
        weak var gone: RecordSource?
        var batches: [Batch] = []
        do {
            let source = RecordSource(headers: [(name: "a", value: [1])])
            gone = source
            writer.reserve(1).storeBytes(of: UInt8(ascii: "x"), as: UInt8.self)
            _ = writer.commit(1, kind: .text, codec: .raw, lane: 0, at: morning, source: source)
            batches = writer.sealAll()
        }
        #expect(gone != nil)
        writer.settleAll(batches)
        #expect(gone == nil)
    }

    @Test func aSourceWithoutHeadersIsNone() {
        var writer = makeWriter()
        writer.reserve(1).storeBytes(of: UInt8(ascii: "x"), as: UInt8.self)
        let source = RecordSource(headers: [])
        _ = writer.commit(1, kind: .text, codec: .raw, lane: 0, at: morning, source: source)
        #expect(writer.sealAll().map(\.hasSources) == [false])
    }

    @Test func aFlusherMakesItsFormOfASourceOnce() {
        final class Form: Sendable {}
        let source = RecordSource(headers: [(name: "a", value: [1])])
        let first = source.form { Form() }
        #expect(source.form { Form() } === first)
    }

    @Test func headersCountAgainstTheBudget() {
        let batch = Batch(capacity: 2)
        batch.open(topic: TopicIndex(rawValue: 0), loop: 0, partition: 0, receivedAt: 0)
        let text = Array("x".utf8)
        let plain = InFlightBudget(bytes: 1_000, recordOverhead: 0)
        let copying = InFlightBudget(bytes: 1_000, recordOverhead: 0, headers: .init(perRecord: 100, perHeader: 10))
        text.withUnsafeBytes { bytes in
            batch.append(Record(payload: bytes.baseAddress!, count: 1))
            #expect(copying.cost(of: batch) == plain.cost(of: batch))
            let source = RecordSource(headers: [(name: "ab", value: [1, 2, 3]), (name: "c", value: [])])
            batch.append(Record(payload: bytes.baseAddress!, count: 1), source: source)
        }
        #expect(copying.cost(of: batch) == plain.cost(of: batch) + 100 + 2 * 10 + 6)
        #expect(batch.bytes(ofRecord: 0) == 1)
        #expect(batch.bytes(ofRecord: 1) == 7)
    }
}
