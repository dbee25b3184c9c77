import LogPipeline
import Testing

@testable import KafkaFlusher

private let limits = RequestWindow.Limits(spacing: 5_000_000, joining: 500_000, bytes: 1_000, records: 10)
private let ms: UInt64 = 1_000_000
private let start: UInt64 = 1_000 * ms

private func load(_ bytes: Int, _ records: Int = 1) -> RequestWindow.Load {
    RequestWindow.Load(bytes: bytes, records: records)
}

@Suite struct RequestWindowTests {
    private func admit(
        _ window: inout RequestWindow,
        _ load: RequestWindow.Load,
        inFlight: Int,
        at now: UInt64,
        isFirst: Bool = true
    ) -> Bool {
        window.admit(load, isFirst: isFirst, inFlight: inFlight, now: now, limits)
    }

    @Test func theFirstBatchGoesAtOnce() {
        var window = RequestWindow()
        let goes = admit(&window, load(10), inFlight: 0, at: start)
        #expect(goes)
    }

    @Test func whatComesWhileLibrdkafkaLingersJoinsAndWhatComesLaterWaits() {
        var window = RequestWindow()
        let goes = [
            admit(&window, load(10), inFlight: 0, at: start),
            admit(&window, load(10), inFlight: 1, at: start + 499_999),
            admit(&window, load(10), inFlight: 2, at: start + 500_000),
        ]
        #expect(goes == [true, true, false])
    }

    @Test func nothingJoinsBeyondWhatARequestTakes() {
        var window = RequestWindow()
        let byBytes = [
            admit(&window, load(600), inFlight: 0, at: start), admit(&window, load(401), inFlight: 1, at: start + 1),
        ]
        var other = RequestWindow()
        let byRecords = [
            admit(&other, load(1, 9), inFlight: 0, at: start), admit(&other, load(1, 2), inFlight: 9, at: start + 1),
        ]
        #expect(byBytes == [true, false])
        #expect(byRecords == [true, false])
    }

    @Test func requestsAreSpacedUnlessTheyAreFull() {
        var window = RequestWindow()
        let goes = [
            admit(&window, load(10), inFlight: 0, at: start), admit(&window, load(10), inFlight: 0, at: start + ms),
            admit(&window, load(10), inFlight: 0, at: start + 5 * ms),
        ]
        #expect(goes == [true, false, true])
        #expect(window.due(load(10), limits) == start + 10 * ms)
        #expect(window.due(load(1_001), limits) == 0)
    }

    @Test func nobodyOvertakesWhatWaitsOrIsBeingHandedOver() {
        var window = RequestWindow()
        let behind = admit(&window, load(10), inFlight: 0, at: start, isFirst: false)
        _ = window.drain([load(10)], now: start, limits)
        let during = admit(&window, load(10), inFlight: 0, at: start + 50 * ms)
        window.drained()
        let after = admit(&window, load(10), inFlight: 0, at: start + 50 * ms)
        #expect([behind, during, after] == [false, false, true])
    }

    @Test func aRequestTakesWhatFitsAndAtLeastOneBatch() {
        var window = RequestWindow()
        let counts = [
            window.drain([load(500), load(500), load(1)], now: start, limits),
            window.drain([load(5_000), load(1)], now: start, limits), window.drain([], now: start, limits),
        ]
        #expect(counts == [2, 1, 0])
    }

    /// Batches come, reports come back, in any order of time: every batch goes out once, in the order of its coming.
    @Test(arguments: 0..<20)
    func everyBatchGoesOutOnceAndInOrder(seed: Int) {
        var random = SystemRandomNumberGenerator()
        let waiting = WaitingBatches()
        var (sent, flight, now) = ([Int](), 0, start)
        var made: [ObjectIdentifier: Int] = [:]
        var batches: [Batch] = []
        func send(_ batch: Batch) {
            sent.append(made[ObjectIdentifier(batch)] ?? -1)
            flight += batch.count
        }
        func pass() {
            if flight == 0, !waiting.isEmpty, waiting.due(limits) <= now { waiting.drain(now: now, limits, send) }
        }
        for number in 0..<500 {
            let batch = Batch(capacity: 16)
            batch.open(topic: TopicIndex(rawValue: 0), loop: 0, partition: 0, receivedAt: now)
            let payload = UnsafeRawPointer(UnsafeMutableRawPointer.allocate(byteCount: 1, alignment: 1))
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                batch.append(Record(payload: payload, count: Int.random(in: 1...300, using: &random)))
            }
            payload.deallocate()
            batches.append(batch)
            made[ObjectIdentifier(batch)] = number
            if case .passed = waiting.admit(batch, inFlight: { flight }, now: now, limits) { send(batch) }
            now += UInt64.random(in: 0...(2 * ms), using: &random)
            if Bool.random(using: &random) { flight = 0 }
            pass()
        }
        for _ in 0..<1_000 where !waiting.isEmpty {
            flight = 0
            now += 5 * ms
            pass()
        }
        #expect(sent == Array(0..<500))
        #expect(batches.count == 500)
    }
}
