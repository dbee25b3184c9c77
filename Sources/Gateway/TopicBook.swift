import LogPipeline

/// What each topic has been used for since the start: for logs or for dead letters, never for both, because their
/// accounts are apart.
struct TopicBook: Sendable {
    /// A topic that had the other use.
    struct Conflict: Error, Equatable {
        let topic: String
        let isOfLogs: Bool
    }

    /// By topic index: which of `names` it has; -1 for one without logs.
    private(set) var labels: [Int] = []
    /// Of topics of logs, in their order of appearance.
    private(set) var names: [String] = []
    private var letters: Set<Int> = []

    /// - Parameters:
    ///   - logs: topics that routes write to, rising.
    ///   - letters: topics of dead letters.
    mutating func adopt(logs: [(TopicIndex, String)], letters new: [(TopicIndex, String)]) throws(Conflict) {
        var changed = self
        for (topic, name) in logs {
            guard !letters.contains(topic.rawValue) else { throw Conflict(topic: name, isOfLogs: false) }
            changed.reserve(topic.rawValue)
            guard changed.labels[topic.rawValue] < 0 else { continue }
            changed.labels[topic.rawValue] = changed.names.count
            changed.names.append(name)
        }
        for (topic, name) in new {
            changed.reserve(topic.rawValue)
            guard changed.labels[topic.rawValue] < 0 else { throw Conflict(topic: name, isOfLogs: true) }
            changed.letters.insert(topic.rawValue)
        }
        self = changed
    }

    private mutating func reserve(_ index: Int) {
        while labels.count <= index { labels.append(-1) }
    }
}
