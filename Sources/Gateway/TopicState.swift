import LogPipeline

/// A topic that a route writes to, as it is now.
struct TopicState {
    let index: Int
    let name: String
    let health: TopicHealth
}
