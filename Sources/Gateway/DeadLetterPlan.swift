package import LogPipeline

/// Where a route's refused logs are told of (`dead_letters`).
package struct DeadLetterPlan: Equatable, Sendable {
    /// Of no route.
    package let topic: TopicIndex
    /// How many of a log's first bytes are told, at most.
    package let contentBytes: Int

    package init(topic: TopicIndex, contentBytes: Int) {
        self.topic = topic
        self.contentBytes = contentBytes
    }

    /// What one dead letter may occupy before it is written, bytes.
    var reservation: Int { 512 + contentBytes }
}
