/// What a group has committed of one topic.
struct CommittedOffsets: Equatable, Sendable {
    /// By partition; without those of which nothing is committed.
    var offsets: [Int32: Int64] = [:]
    /// Whether every partition's answer is there.
    var isComplete = true
}
