/// What a collection consists of; each can fail without the others.
enum ClusterPart: String, CaseIterable, Sendable {
    /// Brokers, topics, partitions.
    case metadata
    /// Where partitions begin and end.
    case offsets
    /// Consumer groups, and what they have committed.
    case groups

    enum Result: Equatable, Sendable {
        case complete
        /// Something that was asked for is missing.
        case failed(ClusterError)
        /// This cluster cannot answer such questions; the embedded broker knows no groups.
        case notOffered
    }
}
