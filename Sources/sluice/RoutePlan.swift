import Gateway
import LogPipeline
import Settings

/// The routes of the settings with the topics they write to, known to the flusher: first those of logs, behind them
/// those of dead letters.
struct RoutePlan {
    private(set) var routes: [LogRoute] = []
    private(set) var topics: [(TopicIndex, String)] = []
    private(set) var deadLetterTopics: [(TopicIndex, String)] = []

    init(_ settings: Settings, _ flusher: any Flusher) throws(FlusherError) {
        for route in settings.routes {
            var index: TopicIndex?
            if let name = route.topic {
                let topic = try flusher.topic(named: name)
                if !topics.contains(where: { $0.0 == topic }) { topics.append((topic, name)) }
                index = topic
            }
            routes.append(LogRoute(route, topic: index))
        }
        for (index, route) in settings.routes.enumerated() where route.topic != nil {
            guard let letters = route.deadLetters else { continue }
            let topic = try flusher.topic(named: letters.topic)
            if !deadLetterTopics.contains(where: { $0.0 == topic }) { deadLetterTopics.append((topic, letters.topic)) }
            routes[index].deadLetters = DeadLetterPlan(topic: topic, contentBytes: letters.contentBytes)
        }
    }
}

extension LogRoute {
    init(_ route: Route, topic: TopicIndex?) {
        self.init(
            path: route.path,
            reply: route.reply == .echo ? .echo : .none,
            maxLen: route.maxLen,
            codec: route.codec == .raw ? .raw : .json,
            topic: topic,
            pingInterval: route.pingInterval.nanoseconds
        )
        split =
            switch route.split {
            case .none: .none
            case .lines: .lines
            case .array: .array
            case .auto: .auto
            }
        maxMessage = route.maxMessage
        maxAge = route.maxConnectionAge.nanoseconds
        recordsSource = route.source == .headers
    }
}
