import CMallocCount
import LogPipeline
import Testing

struct AllocationTests {
    @Test func theCounterSeesWhatSwiftAllocates() {
        malloc_count_begin()
        let bytes = UnsafeMutableRawPointer.allocate(byteCount: 100, alignment: 8)
        let counted = malloc_count_end()
        bytes.deallocate()
        #expect(counted == 1 || counted == -1)
    }

    /// Logs of every kind through policy, writer and ledger, handed over and settled: nothing is allocated once the
    /// first ticks have filled the pools.
    @Test func aLogAllocatesNothing() {
        let texts = [
            #"{"timestamp":"2026-11-21T07:49:20.123Z","message":"x"}"#, #"{"message":"é"}"#, "{}", "plain",
            "with \"escapes\"\n", "{broken", #"{"timest\u0061mp":[1,{"a":2}]}"#, "",
        ].map { Array($0.utf8) }
        var writer = makeWriter { $0.recordTimestamp = .log }
        var ledger = Ledger(routes: 1, topics: 1)
        var inFlight: [Batch] = []
        inFlight.reserveCapacity(64)
        func tick(_ number: Int) {
            for index in 0..<500 {
                let text = texts[index % texts.count]
                ledger.received(route: 0, bytes: text.count)
                let room = writer.reserve(text.count)
                text.withUnsafeBytes {
                    if let first = $0.baseAddress { room.copyMemory(from: first, byteCount: $0.count) }
                }
                let admission = writer.commit(text.count, kind: .text, codec: .json, lane: index % 64, at: morning)
                if case .dropped(let reason) = admission { ledger.dropped(reason) }
            }
            writer.seal(partitions: 3, now: UInt64(number))
            while let batch = writer.nextSealed() {
                ledger.handedOver(batch)
                inFlight.append(batch)
            }
            if number % 4 == 0 {
                for batch in inFlight {
                    batch.deliver()
                    ledger.settled(batch, now: UInt64(number))
                    writer.settled(batch)
                }
                inFlight.removeAll(keepingCapacity: true)
            }
        }
        for number in 0..<100 { tick(number) }
        malloc_count_begin()
        for number in 100..<200 { tick(number) }
        let counted = malloc_count_end()
        // 50,000 logs in 100 ticks. What a debug build allocates, it does by tick and not by log.
        #if DEBUG
            let bound: Int64 = 500
        #else
            let bound: Int64 = 0
        #endif
        #expect(counted <= bound)
        let delivered = ledger.snapshot(heldBytes: 0, now: 0).delivered
        #expect(delivered[0] > 50_000)
    }
}
