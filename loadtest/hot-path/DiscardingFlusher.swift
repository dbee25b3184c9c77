import LogPipeline

/// A destination that stores everything at once and keeps nothing, so that what is counted is the gateway's own.
///
/// It says so when so many records have come together, as a report of Kafka does: each one wakes the loop. What comes last
/// may never be reported.
///
/// `@unchecked Sendable` because everything here happens on the one thread that there is.
final class DiscardingFlusher: Flusher, @unchecked Sendable {
    private var sink: (any SettlementSink)?
    private(set) var records = 0
    private let reportSize: Int
    private var unreported: [Batch] = []
    private var unreportedRecords = 0

    init(reportSize: Int) { self.reportSize = reportSize }

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
        records += batch.count
        _ = batch.settleDelivered(batch.count)
        unreported.append(batch)
        unreportedRecords += batch.count
        guard unreportedRecords >= reportSize else { return }
        sink?.settled(unreported)
        unreported = []
        unreportedRecords = 0
    }
}
