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
        /// The topics that the routes of now write to: as the flusher knows them, and by which of `topics`.
        var used: [(topic: TopicIndex, label: Int, name: String)] = []
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
        let used = Set(routes.current.compactMap { routes.versions[$0].topic?.rawValue }).sorted()
        names.used = used.map { (TopicIndex(rawValue: $0), topics.labels[$0], topics.names[topics.labels[$0]]) }
        current.withLock { $0 = names }
    }
}
