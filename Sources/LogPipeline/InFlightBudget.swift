internal import Synchronization

/// The bound on memory for logs in flight (`max_in_flight`): of all topics together, and half of it for each.
///
/// What a log costs is more than its payload: the flusher's own structures, the batch, the room around the payload.
package final class InFlightBudget: Sendable {
    /// What a record costs here beside its payload, in bytes: its entry in the batch and the room around it.
    package static let recordOverhead = MemoryLayout<Record>.stride + Arena.front
    /// What a batch costs here, in bytes: the object, its smallest storage, the list of its chunks.
    package static let batchOverhead = 768

    /// What a flusher that copies headers needs for them, beside their names and values, in bytes.
    package struct HeaderOverhead: Sendable {
        let perRecord: Int
        let perHeader: Int

        package init(perRecord: Int, perHeader: Int) {
            self.perRecord = perRecord
            self.perHeader = perHeader
        }
    }

    private let perRecord: Int
    private let headers: HeaderOverhead?
    private let perTopic: Int
    private struct Total {
        var mark: WaterMark
        /// Of those who send much.
        var ample: WaterMark
    }

    private let total: Mutex<Total>
    private let isOpen = Atomic<Bool>(true)
    private let isRoomy = Atomic<Bool>(true)

    /// - Parameters:
    ///   - bytes: `max_in_flight`.
    ///   - recordOverhead: bytes that the flusher itself needs for a record.
    ///   - headers: nil for a flusher that takes no headers.
    package init(bytes: Int, recordOverhead: Int, headers: HeaderOverhead? = nil) {
        perRecord = recordOverhead + InFlightBudget.recordOverhead
        self.headers = headers
        perTopic = max(2, bytes / 2)
        let mark = InFlightBudget.mark(max(2, bytes))
        // Its low mark is the other's: lower, what a stuck topic keeps could stand above it for as long as that lasts, and
        // who sends much to any other topic would wait with it.
        total = Mutex(Total(mark: mark, ample: WaterMark(high: mark.high - mark.high / 8, low: mark.low)))
    }

    /// The gate of one more topic.
    package func makeGate() -> TopicGate {
        TopicGate(budget: self, mark: InFlightBudget.mark(perTopic))
    }

    /// Bytes that a batch takes of the budget.
    package func cost(of batch: Batch) -> Int {
        var cost = batch.payloadBytes + batch.count * perRecord + InFlightBudget.batchOverhead + batch.originBytes
        if let headers {
            cost += batch.headerBytes + batch.headedCount * headers.perRecord + batch.headerCount * headers.perHeader
        }
        return cost
    }

    /// Bytes in flight, all topics together.
    package var bytes: Int { total.withLock { $0.mark.level } }

    var hasRoom: Bool { isOpen.load(ordering: .acquiring) }
    var hasAmpleRoom: Bool { isRoomy.load(ordering: .acquiring) }

    /// - Returns: whether `hasRoom` or `hasAmpleRoom` has changed.
    func add(_ bytes: Int) -> Bool { change { $0.rise(by: bytes) } }
    func remove(_ bytes: Int) -> Bool { change { $0.fall(by: bytes) } }

    private func change(_ body: (inout WaterMark) -> Void) -> Bool {
        total.withLock { total in
            let before = (total.mark.isFull, total.ample.isFull)
            body(&total.mark)
            body(&total.ample)
            guard (total.mark.isFull, total.ample.isFull) != before else { return false }
            isOpen.store(!total.mark.isFull, ordering: .releasing)
            isRoomy.store(!total.ample.isFull, ordering: .releasing)
            return true
        }
    }

    private static func mark(_ high: Int) -> WaterMark { WaterMark(high: high, low: high / 4 * 3) }
}
