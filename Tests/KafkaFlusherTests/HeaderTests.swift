import CRdKafka
import Foundation
import LogPipeline
import Synchronization
import Testing

@testable import KafkaFlusher

/// Records that carry where they came from.
@Suite(.timeLimit(.minutes(5)), .serialized)
struct HeaderTests {
    /// Every third record has none; the others are of two sources, in runs.
    private static let sources: [RecordSource?] = [
        nil,
        RecordSource(headers: [
            (name: "sluice.peer", value: Array("192.0.2.7:4711".utf8)),
            (name: "sluice.path", value: Array("/logs".utf8)),
            (name: "sluice.user_agent", value: Array("Größe \"7\", 1=2".utf8)),
            (name: "sluice.token", value: Array("shop".utf8)),
        ]),
        RecordSource(headers: [(name: "empty", value: []), (name: "binary", value: [0, 0xFF, 10, 13, 0])]),
    ]

    private static func source(_ number: Int) -> RecordSource? { sources[number / 2 % 3] }

    private static func headers(_ number: Int) -> [Reader.Header] {
        source(number)?.headers.map { Reader.Header(name: $0.name, value: $0.value) } ?? []
    }

    private static func number(_ message: Reader.Message) -> Int { Int(message.text.split(separator: ":")[1])! }

    private static func isRight(_ message: Reader.Message) -> Bool { message.headers == headers(number(message)) }

    private func flush(_ numbers: Range<Int>, _ harness: Harness, timestamp: Int64 = 0) {
        harness.flusher.flush(
            harness.payload.batch(
                topic: harness.topic,
                numbers: numbers,
                timestamp: timestamp,
                source: HeaderTests.source
            )
        )
    }

    /// Reads the topic back: each record there, in order, with its own headers.
    private func check(_ harness: Harness, _ count: Int, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(harness.settled(count), sourceLocation: sourceLocation)
        #expect(harness.sink.now.delivered == count, sourceLocation: sourceLocation)
        let messages = harness.read(count)
        #expect(Set(messages.map(\.text)).count == count, sourceLocation: sourceLocation)
        #expect(Harness.isInOrder(messages), sourceLocation: sourceLocation)
        let wrong = messages.filter { !HeaderTests.isRight($0) }
        #expect(wrong.isEmpty, "\(wrong.prefix(2))", sourceLocation: sourceLocation)
        #expect(harness.flusher.counters.topics[0].bytesInFlight == 0, sourceLocation: sourceLocation)
        #expect(harness.flusher.stop(deadline: .seconds(10)) == 0, sourceLocation: sourceLocation)
    }

    @Test func headersArriveByteForByteWithTheRecordsThatHaveThem() throws {
        let harness = try Harness()
        #expect(harness.ready())
        for round in 0..<20 {
            flush(round * 200..<round * 200 + 100, harness)
            // Batches without headers between those with some keep their place.
            harness.flush(round * 200 + 100..<(round + 1) * 200, stream: "t")
        }
        #expect(harness.settled(4_000))
        let messages = harness.read(4_000)
        #expect(Harness.isInOrder(messages))
        let plain = messages.filter { $0.text.hasPrefix("t:") }
        #expect(plain.count == 2_000)
        #expect(plain.allSatisfy { $0.headers.isEmpty })
        let headed = messages.filter { $0.text.hasPrefix("s:") }
        #expect(headed.count == 2_000)
        #expect(headed.allSatisfy(HeaderTests.isRight))
        // A batch goes as a whole by one way or the other, so both streams together are in order as well.
        let numbers = messages.map(HeaderTests.number)
        #expect(numbers == numbers.sorted())
        #expect(harness.flusher.counters.topics[0].bytesInFlight == 0)
        #expect(harness.flusher.stop(deadline: .seconds(10)) == 0)
    }

    @Test func aRecordHasItsTimestampAndItsHeaders() throws {
        let harness = try Harness { $0.recordTimestamp = .log }
        #expect(harness.ready())
        flush(0..<30, harness, timestamp: 1_700_000_000_123)
        #expect(harness.settled(30))
        #expect(harness.read(30).allSatisfy { $0.timestamp == 1_700_000_000_123 })
        check(harness, 30)
    }

    @Test(arguments: [
        RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
        RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH,
    ])
    func headersSurviveAHold(_ error: rd_kafka_resp_err_t) throws {
        let harness = try Harness()
        #expect(harness.ready())
        harness.fail(API.produce, [error, error, error])
        for round in 0..<20 { flush(round * 50..<(round + 1) * 50, harness) }
        check(harness, 1_000)
    }

    @Test func headersSurviveTheSearchForARecordAtFault() throws {
        let harness = try Harness()
        #expect(harness.ready())
        harness.fail(API.produce, Array(repeating: RD_KAFKA_RESP_ERR_INVALID_MSG, count: 8))
        flush(0..<64, harness)
        #expect(harness.settled(64))
        #expect(harness.sink.now.dropped == [.recordRefused: 1])
        let messages = harness.read(63)
        #expect(messages.count == 63)
        #expect(Harness.isInOrder(messages))
        #expect(messages.allSatisfy(HeaderTests.isRight))
        #expect(harness.flusher.stop(deadline: .seconds(10)) == 0)
    }

    @Test func headersSurviveTheReplacementOfTheProducer() throws {
        let harness = try Harness()
        #expect(harness.ready())
        for round in 0..<20 {
            flush(round * 50..<(round + 1) * 50, harness)
            if round == 10 {
                let producer = try #require(harness.flusher.shared).handle.producer
                rd_kafka_test_fatal_error(producer, RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, "for a test")
            }
        }
        #expect(harness.settled(1_000))
        #expect(harness.flusher.counters.producerReplacements == 1)
        check(harness, 1_000)
    }

    @Test func headersCountWhereATopicBoundsItsRecords() throws {
        let harness = try Harness()
        #expect(harness.ready())
        // 40 bytes of payload; with their headers, those of the first source have 138.
        harness.flusher.shared?.topics[0].recordLimit.store(100, ordering: .relaxed)
        flush(0..<60, harness)
        #expect(harness.settled(60))
        #expect(harness.sink.now.dropped == [.recordTooLarge: 20])
        let messages = harness.read(40)
        #expect(messages.count == 40)
        #expect(messages.allSatisfy(HeaderTests.isRight))
        #expect(harness.flusher.stop(deadline: .seconds(10)) == 0)
    }

    /// The largest record that `max_message_bytes` allows still has room for its headers.
    @Test func aRecordOfTheFullSizeKeepsItsHeaders() throws {
        let harness = try Harness { $0.maxMessageBytes = 5_000 }
        #expect(harness.ready())
        let long = RecordSource(headers: [
            (name: "sluice.path", value: Array(repeating: UInt8(ascii: "p"), count: 2_000))
        ])
        harness.flusher.flush(
            harness.payload.batch(topic: harness.topic, numbers: 0..<3, size: 5_000, source: { _ in long })
        )
        #expect(harness.settled(3))
        #expect(harness.sink.now.delivered == 3)
        let sizes = harness.read(3).map { $0.headers.first?.value?.count }
        #expect(sizes == [2_000, 2_000, 2_000])
        #expect(harness.flusher.stop(deadline: .seconds(10)) == 0)
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/kcat")))
    func kcatShowsThem() throws {
        let harness = try Harness()
        #expect(harness.ready())
        flush(2..<4, harness)
        #expect(harness.settled(2))
        let kcat = Process()
        kcat.executableURL = URL(filePath: "/usr/bin/kcat")
        kcat.arguments = ["-C", "-b", harness.broker.address, "-t", "logs", "-e", "-q", "-f", "%h\n"]
        let output = Pipe()
        kcat.standardOutput = output
        try kcat.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        kcat.waitUntilExit()
        let line = "sluice.peer=192.0.2.7:4711,sluice.path=/logs,sluice.user_agent=Größe \"7\", 1=2,sluice.token=shop\n"
        #expect(text == line + line)
        #expect(harness.flusher.stop(deadline: .seconds(10)) == 0)
    }
}
