import Gateway
import LogPipeline
import Settings

/// The routes of the settings with the topics they write to: first those of logs, behind them those of dead letters.
struct RoutePlan {
    private(set) var routes: [LogRoute] = []
    private(set) var topics: [(TopicIndex, String)] = []
    private(set) var deadLetterTopics: [(TopicIndex, String)] = []

    /// Makes every topic known to the flusher.
    init(_ settings: Settings, _ flusher: any Flusher) throws(FlusherError) {
        try self.init(settings) { names throws(FlusherError) in
            var indices: [TopicIndex] = []
            for name in names { indices.append(try flusher.topic(named: name)) }
            return indices
        }
    }

    /// The same with the indices that topics would be given; makes none known.
    init(foreseeing settings: Settings, _ flusher: any Flusher) throws(FlusherError) {
        try self.init(settings) { names throws(FlusherError) in try flusher.indices(for: names) }
    }

    private init(
        _ settings: Settings,
        _ find: ([String]) throws(FlusherError) -> [TopicIndex]
    ) throws(FlusherError) {
        let logs = settings.routes.map(\.topic)
        let letters = settings.routes.map { $0.topic == nil ? nil : $0.deadLetters?.topic }
        var names: [String] = []
        for name in (logs + letters).compactMap(\.self) where !names.contains(name) { names.append(name) }
        let indices = Dictionary(uniqueKeysWithValues: zip(names, try find(names)))
        for (place, route) in settings.routes.enumerated() {
            routes.append(LogRoute(route, topic: logs[place].flatMap { indices[$0] }))
            guard let plan = route.deadLetters, let topic = letters[place].flatMap({ indices[$0] }) else { continue }
            routes[place].deadLetters = DeadLetterPlan(topic: topic, contentBytes: plan.contentBytes)
        }
        func numbered(_ wanted: [String?]) -> [(TopicIndex, String)] {
            let wanted = Set(wanted.compactMap(\.self))
            return names.filter(wanted.contains).compactMap { name in indices[name].map { ($0, name) } }
        }
        topics = numbered(logs)
        deadLetterTopics = numbered(letters)
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
