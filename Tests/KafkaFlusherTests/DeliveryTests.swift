import LogPipeline
import Testing

@testable import KafkaFlusher

@Suite(.timeLimit(.minutes(5)))
struct DeliveryTests {
    @Test func recordsArriveOnceAndInOrder() throws {
        let harness = try Harness(partitions: 3)
        #expect(harness.ready())
        #expect(harness.flusher.partitions(of: harness.topic) == 3)
        for round in 0..<30 {
            for partition in 0..<3 {
                harness.flush(
                    round * 100..<(round + 1) * 100,
                    stream: "p\(partition)",
                    partition: Int32(partition)
                )
            }
        }
        #expect(harness.settled(9_000))
        #expect(harness.sink.now.delivered == 9_000)
        #expect(harness.sink.now.batches == 90)
        let messages = harness.read(9_000, partitions: 3)
        #expect(messages.count == 9_000)
        #expect(Set(messages.map(\.text)).count == 9_000)
        #expect(Harness.isInOrder(messages))
        #expect(harness.flusher.counters.topics[0].bytesInFlight == 0)
        #expect(harness.flusher.stop(deadline: .seconds(10)) == 0)
    }

    @Test func eachLoopGetsItsOwnBatches() throws {
        let harness = try Harness(loops: 3)
        #expect(harness.ready())
        for loop in 0..<3 { harness.flush(0..<(10 * (loop + 1)), stream: "l\(loop)", loop: loop) }
        #expect(harness.settled(60))
        #expect(harness.sinks.map(\.now.delivered) == [10, 20, 30])
        #expect(harness.flusher.stop(deadline: .seconds(10)) == 0)
    }

    @Test func aTimestampOfItsOwnGoesWithTheRecord() throws {
        let harness = try Harness { $0.recordTimestamp = .log }
        #expect(harness.ready())
        let batch = harness.payload.batch(topic: harness.topic, numbers: 0..<5, timestamp: 1_700_000_000_123)
        harness.flusher.flush(batch)
        #expect(harness.settled(5))
        let messages = harness.read(5)
        #expect(messages.map(\.timestamp) == Array(repeating: 1_700_000_000_123, count: 5))
        #expect(harness.flusher.stop(deadline: .seconds(10)) == 0)
    }

    @Test func aRecordOverLibrdkafkasBoundIsDroppedAlone() throws {
        let harness = try Harness { $0.maxMessageBytes = 1_000 }
        #expect(harness.ready())
        let batch = harness.payload.batch(topic: harness.topic, numbers: 0..<5)
        let large = harness.payload.batch(topic: harness.topic, numbers: 5..<6, size: 5_000)
        let mixed = Batch(capacity: 8)
        mixed.open(topic: harness.topic, loop: 0, partition: 0, receivedAt: 1)
        for record in batch.records.prefix(3) { mixed.append(record) }
        mixed.append(large.records[0])
        for record in batch.records.suffix(2) { mixed.append(record) }
        harness.flusher.flush(mixed)
        #expect(harness.settled(6))
        #expect(harness.sink.now.delivered == 5)
        #expect(harness.sink.now.dropped == [.recordTooLarge: 1])
        #expect(mixed.drops.map(\.record) == [3])
        #expect(harness.flusher.stop(deadline: .seconds(10)) == 0)
    }
}
