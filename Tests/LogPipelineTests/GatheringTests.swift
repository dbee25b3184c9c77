import LogPipeline
import Testing

/// Thin batches that wait for the logs of further ticks.
struct GatheringTests {
    private static let log = #"{"timestamp":1}"#
    private static let time: UInt64 = 1_000

    /// A writer that has handed one batch over at 10,000, and so has the next one gather.
    private func makeGathering(_ change: (inout LogWriterConfiguration) -> Void = { _ in }) -> LogWriter {
        var writer = makeWriter {
            $0.gatherTime = GatheringTests.time
            $0.partitioning.reviewInterval = 1_000_000
            change(&$0)
        }
        // Who has never been reviewed does not gather.
        _ = writer.sealAll(now: 9_000)
        _ = writer.commit(GatheringTests.log)
        let first = writer.sealAll(now: 10_000)
        precondition(first.count == 1, "the first of a while goes at once")
        return writer
    }

    private func commit(_ count: Int, to writer: inout LogWriter) {
        for _ in 0..<count { _ = writer.commit(GatheringTests.log) }
    }

    @Test func logsOfThinTicksGoTogether() {
        var writer = makeGathering()
        let nothing = writer.gathersUntil
        #expect(nothing == .max)
        for now in [10_001, 10_500, 10_999] as [UInt64] {
            commit(1, to: &writer)
            let early = writer.sealAll(now: now)
            let until = writer.gathersUntil
            #expect(early.isEmpty)
            #expect(until == 15_000)
        }
        let held = writer.heldBytes
        #expect(held == 3 * GatheringTests.log.utf8.count)
        let wantsSeal = writer.wantsSeal
        #expect(wantsSeal)
        let due = writer.sealAll(now: 11_000)
        let until = writer.gathersUntil
        #expect(due.map(\.count) == [3])
        #expect(until == .max)
        commit(1, to: &writer)
        let next = writer.sealAll(now: 11_999)
        #expect(next.isEmpty)
    }

    @Test(arguments: [(63, 15, false), (64, 15, true), (2, 32_767, false), (2, 32_768, true)])
    func whatIsNotThinGoesAtOnce(count: Int, size: Int, goes: Bool) {
        var writer = makeGathering()
        let log = #"{"timestamp":1"# + String(repeating: " ", count: size - 15) + "}"
        for _ in 0..<count { _ = writer.commit(log) }
        let batches = writer.sealAll(now: 10_001)
        #expect(batches.isEmpty == !goes)
    }

    @Test func nothingWaitsWhenTheEndIsNear() {
        var writer = makeGathering()
        commit(1, to: &writer)
        writer.seal(partitions: 1, now: 10_001, gathering: false)
        let batch = writer.nextSealed()
        #expect(batch?.count == 1)
    }

    @Test func nothingWaitsWhileLanesMayMove() {
        var writer = makeGathering()
        commit(1, to: &writer)
        let more = writer.sealAll(partitions: 2, now: 10_001)
        #expect(more.map(\.count) == [1])
        commit(1, to: &writer)
        let reviewed = writer.sealAll(partitions: 2, now: 1_009_001)
        #expect(reviewed.map(\.count) == [1])
    }

    @Test func whatGathersIsNotHeldAgainstReaders() {
        var writer = makeGathering { $0.maxHeldBytes = 20 }
        commit(3, to: &writer)
        let batches = writer.sealAll(now: 10_001)
        let waiting = writer.waitingBytes
        let isReady = writer.isReady
        #expect(batches.isEmpty)
        #expect(waiting == 0)
        #expect(isReady)
    }

    @Test func withoutAGatherTimeEachTickGoes() {
        var writer = makeGathering { $0.gatherTime = 0 }
        commit(1, to: &writer)
        let batches = writer.sealAll(now: 10_001)
        #expect(batches.count == 1)
    }
}
