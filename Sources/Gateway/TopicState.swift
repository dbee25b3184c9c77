import LogPipeline

/// A topic that is written to, as it is now.
struct TopicState {
    let index: Int
    let name: String
    let health: TopicHealth
    /// Whether a route writes to it; else only who came in by one that is gone.
    var isCurrent = true
}
