import LogPipeline
import Reactor
import WebSocketWire

// The settings were read again.
extension GatewayLoop where P: ~Copyable, T: ~Copyable {
    /// Between two events: nothing of a message is under way that could see half of it. Connections keep the version of
    /// their route; what holds for all of them is looked at anew when it comes to bear.
    mutating func apply(_ update: LoopUpdate) {
        let now = update.configuration
        ledger.grow(routes: now.routes.count, topics: update.topicLabels.count)
        counters.grow(routes: now.routes.count)
        writers.grow(to: update.topicLabels.count)
        while pausedByTopic.count < writers.count { pausedByTopic.append(TopicPauses()) }
        routeLabels = update.routes.labels
        topicLabels = update.topicLabels
        currentRoutes = update.routes.current
        routes = RouteMap(now.routes, update.routes.current)
        let before = policies
        policies = now.routes.map(RoutePolicy.init)
        admission = now.admission
        replaceCompression(now)
        deadLetters.update(now.routes, bytes: now.deadLetterBytes)
        partial.bound = max(1, now.maxPartial / loopCount)
        for (listener, context) in update.securities.enumerated() {
            if let context { reactor.setSecurity(context, listener: listener) }
        }
        for listener in proxied.indices where proxied[listener] {
            reactor.setProxies(now.trustedProxies, listener: listener)
        }
        var next = now
        // What memory was cut by, and what others hold.
        next.writer = configuration.writer
        next.acknowledges = configuration.acknowledges
        let idleTimeout = configuration.idleTimeout
        configuration = next
        replaceTimes(before, idleTimeout: idleTimeout)
        beginFormer()
    }

    /// Connections keep what was agreed on; the replies of those that compress go on being compressed.
    private mutating func replaceCompression(_ now: GatewayConfiguration) {
        upgrade = Upgrade(deflate: now.compression, acknowledges: configuration.acknowledges)
        guard let settings = now.compression, settings != configuration.compression else { return }
        deflater = Deflater(level: settings.level, memoryLevel: settings.memoryLevel)
    }

    /// Whether a topic has logs, and not dead letters.
    func isOfLogs(_ topic: Int) -> Bool { topicLabels[topic] >= 0 }

    /// The routes that write to a topic now; where there is none any more, those that did.
    func routes(to topic: TopicIndex) -> [LogRoute] {
        let now = currentRoutes.map { configuration.routes[$0] }.filter { $0.topic == topic }
        guard now.isEmpty else { return now }
        var paths: Set<String> = []
        return configuration.routes.filter { $0.topic == topic && paths.insert($0.path).inserted }
    }
}

// Topics that no route of now writes to.
extension GatewayLoop where P: ~Copyable, T: ~Copyable {
    private mutating func beginFormer() {
        var next = FormerTopics()
        next.begin(configuration.routes, currentRoutes) { isBusy($0, versions: $1) }
        formerTopics = next
        tellFormer()
    }

    /// A batch goes to the flusher.
    mutating func noteFormer(_ topic: TopicIndex) {
        if formerTopics.noteBatch(of: topic) { tellFormer() }
    }

    /// End of tick.
    mutating func lookAtFormer() {
        guard formerTopics.mayBeOver else { return }
        var next = formerTopics
        let isLess = next.look { isBusy($0, versions: $1) }
        formerTopics = next
        if isLess { tellFormer() }
    }

    private func tellFormer() { shared.use.set(formerTopics.busy, ofLoop: index, flusher) }

    private func isBusy(_ topic: TopicIndex, versions: [Int]) -> Bool {
        ledger.inFlight(topic: topic.rawValue) > 0 || writers[topic.rawValue].heldBytes > 0
            || versions.contains { counters.connections[$0] + counters.posting[$0] > 0 }
    }
}
