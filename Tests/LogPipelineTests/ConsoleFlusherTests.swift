import Glibc
import LogPipeline
import Synchronization
import Testing

private final class Sink: SettlementSink {
    let batches = Mutex<[Batch]>([])
    let changes = Mutex<[TopicIndex]>([])

    func settled(_ batches: [Batch]) { self.batches.withLock { $0 += batches } }
    func readinessChanged(_ topic: TopicIndex) { changes.withLock { $0.append(topic) } }
}

struct ConsoleFlusherTests {
    private func pipe() -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [0, 0]
        #expect(Glibc.pipe(&ends) == 0)
        return (ends[0], ends[1])
    }

    private func flush(_ texts: [String], through flusher: ConsoleFlusher) -> Int {
        var writer = makeWriter()
        for text in texts { _ = writer.commit(text, codec: .raw) }
        for batch in writer.sealAll() { flusher.flush(batch) }
        return flusher.stop(deadline: .seconds(60))
    }

    @Test func everyRecordIsALineAndIsDelivered() throws {
        let (reading, writing) = pipe()
        let flusher = ConsoleFlusher(descriptor: writing)
        let sink = Sink()
        let topic = try flusher.topic(named: "logs")
        #expect(try flusher.topic(named: "logs") == topic)
        try flusher.start(sinks: [sink])
        #expect(flusher.isReady(topic))
        #expect(flush(["one", "two", "three"], through: flusher) == 0)
        var buffer = [UInt8](repeating: 0, count: 100)
        let count = read(reading, &buffer, buffer.count)
        #expect(String(decoding: buffer.prefix(max(0, count)), as: UTF8.self) == "one\ntwo\nthree\n")
        let settled = sink.batches.withLock { $0 }
        #expect(settled.map(\.count) == [3])
        #expect(settled.allSatisfy { $0.isWhole && $0.drops.isEmpty })
        close(reading)
        close(writing)
    }

    @Test func aClosedOutputDropsAndSaysSo() throws {
        let (reading, writing) = pipe()
        close(reading)
        signal(SIGPIPE, SIG_IGN)
        let flusher = ConsoleFlusher(descriptor: writing)
        let sink = Sink()
        let topic = try flusher.topic(named: "logs")
        try flusher.start(sinks: [sink])
        #expect(flush(["one", "two"], through: flusher) == 0)
        let drops = sink.batches.withLock { $0.flatMap(\.drops) }
        #expect(drops.map(\.reason) == [.recordRefused, .recordRefused])
        #expect(flusher.health(of: topic) != .healthy)
        close(writing)
    }

    @Test func aBlockedOutputMakesTheTopicUnreadyAndKeepsNothingWaiting() throws {
        let (reading, writing) = pipe()
        let flusher = ConsoleFlusher(descriptor: writing, maxInFlight: 400_000)
        let sink = Sink()
        let topic = try flusher.topic(named: "logs")
        try flusher.start(sinks: [sink])
        var writer = makeWriter()
        _ = writer.commit(String(repeating: "x", count: 300_000), codec: .raw)
        for batch in writer.sealAll() { flusher.flush(batch) }
        #expect(!flusher.isReady(topic))
        #expect(sink.changes.withLock { $0 } == [topic])
        #expect(flusher.stop(deadline: .milliseconds(1)) == 1)
        var left = 300_001
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while left > 0 {
            let count = read(reading, &buffer, buffer.count)
            guard count > 0 else { break }
            left -= count
        }
        #expect(flusher.stop(deadline: .seconds(60)) == 0)
        #expect(flusher.isReady(topic))
        close(reading)
        close(writing)
    }
}
