import LogPipeline

/// Topics that no route writes to any more, and which of them one loop still has something to do with.
struct FormerTopics {
    /// By topic: versions of routes that wrote to it, whose connections may still do so.
    private var versions: [TopicIndex: [Int]] = [:]
    /// Those with connections or POSTs, or with logs that are not settled.
    private(set) var busy: Set<TopicIndex> = []
    /// A connection or a log of one may be gone.
    private(set) var mayBeOver = false

    /// The routes are others.
    ///
    /// - Parameters:
    ///   - routes: all versions.
    ///   - current: those of now.
    ///   - isBusy: whether connections or POSTs of one of these versions are open, or logs of the topic are in flight.
    mutating func begin(_ routes: [LogRoute], _ current: [Int], isBusy: (TopicIndex, [Int]) -> Bool) {
        let used = Set(current.flatMap { routes[$0].topics })
        versions = [:]
        for (version, route) in routes.enumerated() {
            for topic in route.topics where !used.contains(topic) { versions[topic, default: []].append(version) }
        }
        busy = Set(versions.filter { isBusy($0.key, $0.value) }.keys)
        mayBeOver = false
    }

    /// A connection has ended, or logs are settled.
    mutating func noteEnd() { mayBeOver = !busy.isEmpty }

    /// A batch is handed over.
    ///
    /// - Returns: whether that makes another topic busy.
    mutating func noteBatch(of topic: TopicIndex) -> Bool {
        guard !versions.isEmpty, versions[topic] != nil else { return false }
        return busy.insert(topic).inserted
    }

    /// Looks again at those that may be over.
    ///
    /// - Returns: whether fewer are busy.
    mutating func look(isBusy: (TopicIndex, [Int]) -> Bool) -> Bool {
        guard mayBeOver else { return false }
        mayBeOver = false
        let count = busy.count
        busy = busy.filter { isBusy($0, versions[$0] ?? []) }
        return busy.count < count
    }
}
