import LogPipeline

/// A destination that stores everything at once, and keeps of it only how many logs of each member came and whether they
/// came in order.
///
/// `@unchecked Sendable` because a simulation runs on one thread.
final class CrowdFlusher: Flusher, @unchecked Sendable {
    /// By member: logs so far, each with the number that was its turn.
    private(set) var logs: [Int]
    /// Records that nobody sent, or not then.
    private(set) var mistakes = 0
    private(set) var batches = 0
    private var sink: (any SettlementSink)?

    init(members: Int) { logs = Array(repeating: 0, count: members) }

    func topic(named name: String) -> TopicIndex { TopicIndex(rawValue: 0) }
    func indices(for names: [String]) -> [TopicIndex] { names.map(topic) }
    func setUsed(_ topics: Set<TopicIndex>) {}
    func start(sinks: [any SettlementSink]) { sink = sinks[0] }
    func partitions(of topic: TopicIndex) -> Int { 1 }
    func health(of topic: TopicIndex) -> TopicHealth { .healthy }
    func isReady(_ topic: TopicIndex) -> Bool { true }
    func hasAmpleRoom(_ topic: TopicIndex) -> Bool { true }
    func setUrgent(_ urgent: Bool) {}
    func stop(deadline: Duration) -> Int { 0 }

    func flush(_ batch: Batch) {
        for record in batch.records {
            let bytes = UnsafeRawBufferPointer(start: record.payload, count: Int(record.count))
            guard let log = CrowdLog.read(bytes), logs.indices.contains(log.member), logs[log.member] == log.number
            else {
                mistakes += 1
                continue
            }
            logs[log.member] += 1
        }
        batches += 1
        _ = batch.settleDelivered(batch.count)
        sink?.settled([batch])
    }
}
