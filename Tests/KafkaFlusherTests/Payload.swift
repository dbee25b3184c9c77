import LogPipeline

@testable import KafkaFlusher

/// Records whose payloads say which they are: `stream:number`, padded.
final class Payload {
    private var memory: [UnsafeMutableRawBufferPointer] = []

    deinit {
        for room in memory { room.deallocate() }
    }

    func batch(
        topic: TopicIndex,
        partition: Int32 = 0,
        stream: String = "s",
        numbers: Range<Int>,
        size: Int = 40,
        loop: Int = 0,
        timestamp: Int64 = 0,
        source: (Int) -> RecordSource? = { _ in nil }
    ) -> Batch {
        let batch = Batch(capacity: numbers.count + 8)
        batch.open(topic: topic, loop: loop, partition: partition, receivedAt: Instant.now())
        for number in numbers {
            let text = "\(stream):\(number):"
            let bytes = Array(text.utf8) + Array(repeating: UInt8(ascii: "x"), count: max(0, size - text.utf8.count))
            append(bytes, to: batch, timestamp: timestamp, source: source(number))
        }
        return batch
    }

    func append(_ bytes: [UInt8], to batch: Batch, timestamp: Int64 = 0, source: RecordSource? = nil) {
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, bytes.count), alignment: 1)
        room.copyBytes(from: bytes)
        memory.append(room)
        let record = Record(payload: UnsafeRawPointer(room.baseAddress!), count: bytes.count, timestamp: timestamp)
        batch.append(record, source: source)
    }
}
