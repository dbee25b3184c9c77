import LogPipeline
import Synchronization

/// What counters are called: it changes when the settings are read again.
final class Names: Sendable {
    struct Current: Sendable {
        /// Every path that there has been in its latest version, in the order of the loops' counters. Its topic is one of
        /// `topics`.
        var routes: [LogRoute] = []
        /// Topics of logs, in the order of the loops' counters.
        var topics: [String] = []
        /// Every one of `topics` as the flusher knows it, by which of them, and whether a route of now writes to it.
        var known: [(topic: TopicIndex, label: Int, isCurrent: Bool)] = []
    }

    private let current = Mutex(Current())

    var now: Current { current.withLock { $0 } }

    /// Before the loops count by them.
    func replace(_ routes: RouteBook, _ topics: TopicBook) {
        var names = Current()
        names.routes = routes.latest.map { route in
            var route = route
            route.topic = route.topic.map { TopicIndex(rawValue: topics.labels[$0.rawValue]) }
            return route
        }
        names.topics = topics.names
        let current = Set(routes.current.compactMap { routes.versions[$0].topic?.rawValue })
        for (topic, label) in topics.labels.enumerated() where label >= 0 {
            names.known.append((TopicIndex(rawValue: topic), label, current.contains(topic)))
        }
        self.current.withLock { $0 = names }
    }
}
