import LogPipeline
import Simulation
import Synchronization

/// A destination in memory: keeps what it is given, settles at once or when told, is ready when told.
final class RecordingFlusher: Flusher {
    private struct State {
        var names: [String] = []
        var records: [[String]] = []
        var headers: [[String]] = []
        var partitions: [Int32] = []
        var waiting: [Batch] = []
        var verdicts: [String: Bool] = [:]
        var sinks: [any SettlementSink] = []
        var used: [[Int]] = []
    }

    private let state = Mutex(State())
    private let ready = Atomic<Bool>(true)
    private let ample = Atomic<Bool>(true)
    private let settles = Atomic<Bool>(true)
    private let well = Atomic<Bool>(true)
    private let answered = Atomic<Bool>(true)
    let partitionCount = Atomic<Int>(1)

    init(topics: [String] = ["logs"]) {
        for topic in topics { _ = self.topic(named: topic) }
    }

    func topic(named name: String) -> TopicIndex {
        state.withLock { state in
            if let index = state.names.firstIndex(of: name) { return TopicIndex(rawValue: index) }
            state.names.append(name)
            state.records.append([])
            return TopicIndex(rawValue: state.names.count - 1)
        }
    }

    func indices(for names: [String]) -> [TopicIndex] {
        state.withLock { state in
            var known = state.names
            return names.map { name in
                if !known.contains(name) { known.append(name) }
                return TopicIndex(rawValue: known.firstIndex(of: name) ?? 0)
            }
        }
    }

    func setUsed(_ topics: Set<TopicIndex>) { state.withLock { $0.used.append(topics.map(\.rawValue).sorted()) } }

    func start(sinks: [any SettlementSink]) { state.withLock { $0.sinks = sinks } }
    func partitions(of topic: TopicIndex) -> Int { partitionCount.load(ordering: .relaxed) }
    func health(of topic: TopicIndex) -> TopicHealth {
        guard answered.load(ordering: .relaxed) else { return .unhealthy(reason: "starting", detail: "no answer yet") }
        return well.load(ordering: .relaxed)
            ? .healthy : .unhealthy(reason: "brokers_down", detail: "no broker answers")
    }
    func isReady(_ topic: TopicIndex) -> Bool { ready.load(ordering: .relaxed) }
    func hasAmpleRoom(_ topic: TopicIndex) -> Bool { ample.load(ordering: .relaxed) }
    func setUrgent(_ urgent: Bool) {}
    func stop(deadline: Duration) -> Int { state.withLock { $0.waiting.reduce(0) { $0 + $1.count } } }

    func flush(_ batch: Batch) {
        let texts = batch.records.map { record in
            String(decoding: UnsafeRawBufferPointer(start: record.payload, count: Int(record.count)), as: UTF8.self)
        }
        let headers = (0..<batch.count).map { record in
            batch.source(ofRecord: record)?.headers.map { "\($0.name)=\(String(decoding: $0.value, as: UTF8.self))" }
                ?? []
        }
        state.withLock { state in
            state.records[batch.topic.rawValue] += texts
            state.headers += headers
            state.partitions += Array(repeating: batch.partition, count: batch.count)
            state.waiting.append(batch)
        }
        if settles.load(ordering: .relaxed) { settleAll() }
    }

    // MARK: What a test says and asks

    func setReady(_ isReady: Bool) {
        ready.store(isReady, ordering: .relaxed)
        for sink in state.withLock({ $0.sinks }) { sink.readinessChanged(TopicIndex(rawValue: 0)) }
    }

    func setAmple(_ isAmple: Bool) {
        ample.store(isAmple, ordering: .relaxed)
        for sink in state.withLock({ $0.sinks }) { sink.readinessChanged(TopicIndex(rawValue: 0)) }
    }

    func setAnswered(_ hasAnswered: Bool) { answered.store(hasAnswered, ordering: .relaxed) }

    func setHealthy(_ isHealthy: Bool) { well.store(isHealthy, ordering: .relaxed) }

    func holdSettlements() { settles.store(false, ordering: .relaxed) }

    /// - Parameter dropping: records of each batch that Kafka does not take.
    func settleAll(dropping: [Int] = []) {
        let (batches, sinks) = state.withLock { state in
            defer { state.waiting = [] }
            return (state.waiting, state.sinks)
        }
        for batch in batches {
            for record in dropping { _ = batch.settleDropped(record: record, reason: .recordTooLarge) }
            note(batch, dropped: Set(dropping))
            _ = batch.settleDelivered(batch.count - dropping.count)
            sinks[batch.loop].settled([batch])
        }
    }

    /// Settles a few of those that wait, in any order, each as a whole; some of their records are dropped.
    func settleSome(_ random: inout SeededRandom) {
        let (batches, sinks) = state.withLock { state in
            let count = random.below(state.waiting.count + 1)
            var some: [Batch] = []
            for _ in 0..<count { some.append(state.waiting.remove(at: random.below(state.waiting.count))) }
            return (some, state.sinks)
        }
        for batch in batches {
            var dropped: Set<Int> = []
            for record in 0..<batch.count where random.chance(5) { dropped.insert(record) }
            for record in dropped { _ = batch.settleDropped(record: record, reason: .recordRefused) }
            note(batch, dropped: dropped)
            if dropped.count < batch.count { _ = batch.settleDelivered(batch.count - dropped.count) }
            sinks[batch.loop].settled([batch])
        }
    }

    private func note(_ batch: Batch, dropped: Set<Int>) {
        let texts = batch.records.map { record in
            String(decoding: UnsafeRawBufferPointer(start: record.payload, count: Int(record.count)), as: UTF8.self)
        }
        state.withLock { state in
            for (record, text) in texts.enumerated() { state.verdicts[text] = !dropped.contains(record) }
        }
    }

    /// What was said to be used, each time.
    var used: [[Int]] { state.withLock { $0.used } }

    /// Whether a record was stored; of those that are settled.
    var verdicts: [String: Bool] { state.withLock { $0.verdicts } }

    /// Of each record, in the order of all topics.
    func headers() -> [[String]] { state.withLock { $0.headers } }

    /// Of each record, in the order of all topics.
    func partitions() -> [Int32] { state.withLock { $0.partitions } }

    func records(of topic: Int = 0) -> [String] { state.withLock { $0.records[topic] } }
}
