import LogPipeline
import Testing

struct LogWriterTests {
    private func encoded(_ text: String, _ change: (inout LogWriterConfiguration) -> Void = { _ in }) -> String? {
        var writer = makeWriter(change)
        guard writer.commit(text) == .accepted else { return nil }
        return writer.sealAll().first?.texts.first
    }

    @Test func aLogWithTimestampArrivesByteForByte() {
        let log = " {\"timestamp\" : \"x\", \"message\":\"é\"}\n"
        #expect(encoded(log) == log)
    }

    @Test func aTimestampIsAddedWhereThereIsNone() {
        #expect(encoded(#"{"message":"x"}"#) == "{\"timestamp\":\"\(morningText)\",\"message\":\"x\"}")
        #expect(encoded("  {}") == "{\"timestamp\":\"\(morningText)\"}")
        #expect(encoded(" {  } ") == "{\"timestamp\":\"\(morningText)\"  } ")
    }

    @Test func otherTextBecomesAMessage() {
        #expect(encoded("plain é") == "{\"timestamp\":\"\(morningText)\",\"message\":\"plain é\"}")
        #expect(
            encoded("a\"b\\c\u{1}\u{8}\t\n\u{C}\r\u{1F}\u{7F}/")
                == "{\"timestamp\":\"\(morningText)\",\"message\":\"a\\\"b\\\\c\\u0001\\b\\t\\n\\f\\r\\u001f\u{7F}/\"}"
        )
    }

    @Test(arguments: [1, 100, 4_000, 300_000])
    func escapingWorksInAnyPlaceOfAChunk(length: Int) {
        var writer = makeWriter { $0.chunkBytes = 8192 }
        let text = String(repeating: "\"\u{2}", count: length)
        let expected = String(repeating: "\\\"\\u0002", count: length)
        var kept: [Batch] = []
        for _ in 0..<5 {
            let before = writer.commit(#"{"timestamp":1}"#)
            let middle = writer.commit(text)
            let after = writer.commit(#"{"timestamp":2}"#)
            #expect(before == .accepted)
            #expect(middle == (length > 100_000 ? .dropped(.recordTooLarge) : .accepted))
            #expect(after == .accepted)
            kept += writer.sealAll()
        }
        for batch in kept {
            #expect(batch.texts.first == #"{"timestamp":1}"#)
            #expect(batch.texts.last == #"{"timestamp":2}"#)
            if batch.count == 3 { #expect(batch.texts[1].hasSuffix("\"message\":\"\(expected)\"}")) }
        }
        #expect(kept.count == 5)
    }

    @Test func theLimitIsThatOfTheEncodedRecord() {
        let limited: (inout LogWriterConfiguration) -> Void = { $0.maxMessageBytes = 60 }
        let fits = String(repeating: "x", count: 7)
        var writer = makeWriter(limited)
        let wrapped = writer.commit(fits)
        let wrappedOver = writer.commit(fits + "x")
        let escapedOver = writer.commit("123456\n")
        let stamped = writer.commit(#"{"message":"123456"}"#)
        let stampedOver = writer.commit(#"{"message":"1234567890"}"#)
        let relayed = writer.commit(String(repeating: "r", count: 60), codec: .raw)
        let relayedOver = writer.commit(String(repeating: "r", count: 61), codec: .raw)
        #expect([wrapped, stamped, relayed] == [.accepted, .accepted, .accepted])
        #expect(wrappedOver == .dropped(.recordTooLarge))
        #expect(escapedOver == .dropped(.recordTooLarge))
        #expect(stampedOver == .dropped(.recordTooLarge))
        #expect(relayedOver == .dropped(.recordTooLarge))
        #expect(writer.sealAll().first?.count == 3)
    }

    @Test func aRefusedLogLeavesNothingBehind() {
        var writer = makeWriter()
        let answers = [
            writer.commit("{"), writer.commit([0xFF]), writer.commit([0xFF], kind: .binary), writer.commit(""),
        ]
        #expect(
            answers == [.dropped(.invalidJSON), .invalidUTF8Text, .dropped(.invalidUTF8), .dropped(.empty)]
        )
        #expect(writer.heldBytes == 0)
        #expect(writer.wantsSeal == false)
        #expect(writer.sealAll().count == 0)
    }

    @Test func theLogsOwnTimestampIsTakenWithinItsWindow() {
        func timestamp(_ text: String) -> Int64? {
            var writer = makeWriter { $0.recordTimestamp = .log }
            guard writer.commit("{\"timestamp\":\(text)}") == .accepted else { return nil }
            let batches = writer.sealAll()
            return withExtendedLifetime(batches) { batches.first?.records[0].timestamp }
        }
        let now = morning.unixMilliseconds
        #expect(timestamp("\"2026-11-21T07:49:20.123Z\"") == now)
        #expect(timestamp("\"2026-11-21T08:54:20.123+01:00\"") == now + 300_000)
        #expect(timestamp("\"2026-11-21T07:54:20.124Z\"") == 0)
        #expect(timestamp("\"2026-11-20T07:49:20.123Z\"") == now - 86_400_000)
        #expect(timestamp("\"2026-11-20T07:49:20.122Z\"") == 0)
        #expect(timestamp("\"yesterday\"") == 0)
        #expect(timestamp("1795247360123") == 0)
        #expect(timestamp("\"\"") == 0)
    }

    @Test func aFullBatchIsFollowedByAnother() {
        var writer = makeWriter { $0.bulkMaxSize = 40 }
        for number in 0..<100 { _ = writer.commit("{\"timestamp\":\(number)}") }
        let batches = writer.sealAll()
        #expect(batches.map(\.count) == [40, 40, 20])
        #expect(batches.flatMap(\.texts) == (0..<100).map { "{\"timestamp\":\($0)}" })
        #expect(batches.allSatisfy { $0.receivedAt == morning.monotonic })
    }

    @Test func memoryIsUsedAgainAndGivenBack() {
        var writer = makeWriter { $0.chunkBytes = 4096 }
        let text = String(repeating: "x", count: 1000)
        var seen: Set<ObjectIdentifier> = []
        for tick in 0..<1000 {
            for _ in 0..<5 { _ = writer.commit(text, codec: .raw) }
            let batches = writer.sealAll(now: UInt64(tick) * 1_000_000)
            for batch in batches { seen.insert(ObjectIdentifier(batch)) }
            writer.settleAll(batches)
        }
        #expect(seen.count == 1)
        #expect(writer.arenaBytes <= 4 * 4096)
        var kept: [Batch] = []
        for _ in 0..<100 {
            for _ in 0..<3 { _ = writer.commit(text, codec: .raw) }
            kept += writer.sealAll(now: 1_000_000_000)
        }
        #expect(writer.arenaBytes >= 300 * 1000)
        writer.settleAll(kept)
        for second in 2..<20 { writer.seal(partitions: 1, now: UInt64(second) * 2_000_000_000) }
        #expect(writer.arenaBytes <= 2 * 4096)
    }

    @Test func aFullArenaIsReadyAgainOnceItsBatchesAreSettled() {
        var writer = makeWriter {
            $0.chunkBytes = 4096
            $0.maxArenaBytes = 16 * 4096
        }
        var batches: [Batch] = []
        while batches.count < 1_000 {
            guard writer.isReady else { break }
            _ = writer.commit(String(repeating: "x", count: 1_000), codec: .raw)
            batches += writer.sealAll()
        }
        let isFull = !writer.isReady
        #expect(isFull)
        #expect(writer.arenaBytes <= 16 * 4096)
        writer.settleAll(batches)
        let isReady = writer.isReady
        #expect(isReady)
    }

    @Test func memoryIsGivenBackWhenNothingMoreComes() {
        var writer = makeWriter { $0.chunkBytes = 4096 }
        var batches: [Batch] = []
        for _ in 0..<200 {
            _ = writer.commit(String(repeating: "x", count: 1_000), codec: .raw)
            batches += writer.sealAll()
        }
        writer.settleAll(batches)
        let before = writer.arenaBytes
        var seconds: UInt64 = 0
        while seconds < 100 {
            guard writer.wantsSeal else { break }
            seconds += 1
            writer.seal(partitions: 1, now: seconds * 1_100_000_000)
        }
        #expect(before >= 200_000)
        #expect(writer.arenaBytes == 4096)
        #expect(seconds < 100)
    }

    @Test func aLongLogHasAChunkOfItsOwnForAsLongAsItLives() {
        var writer = makeWriter { $0.chunkBytes = 4096 }
        let before = writer.arenaBytes
        let refused = writer.commit("{" + String(repeating: "x", count: 500_000))
        let long = writer.commit(String(repeating: "y", count: 500_000), codec: .raw)
        let short = writer.commit("z", codec: .raw)
        #expect([refused, long, short] == [.dropped(.invalidJSON), .accepted, .accepted])
        let batches = writer.sealAll()
        #expect(batches.first?.texts.map(\.utf8.count) == [500_000, 1])
        #expect(writer.arenaBytes > 500_000)
        writer.settleAll(batches)
        #expect(writer.arenaBytes == before)
    }
}
