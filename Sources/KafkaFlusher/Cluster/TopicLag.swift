/// How far a group is behind in one topic.
struct TopicLag: Equatable {
    struct Partition: Equatable {
        let number: Int32
        let committed: Int64
        /// Records between the committed offset and the end; nil where nobody knows the end.
        let lag: Int64?
    }

    /// By number.
    let partitions: [Partition]
    /// Nil where a partition's committed offset could not be read: a sum of the others would be too small. Nil also where
    /// it is too large a number.
    let committedSum: Int64?
    /// Nil where a lag is missing.
    let sum: Int64?

    /// - Parameter topic: with ends that were read after the committed offsets, so that a group that keeps up is at no
    ///   time ahead. A topic that was made anew can still be shorter than what was committed of the old one: no lag.
    init(_ committed: CommittedOffsets, of topic: ClusterPicture.Topic) {
        partitions = topic.partitions.compactMap { partition in
            guard let offset = committed.offsets[partition.number] else { return nil }
            let lag = partition.end.map { max(0, $0 - offset) }
            return Partition(number: partition.number, committed: offset, lag: lag)
        }
        let lags = partitions.compactMap(\.lag)
        committedSum = committed.isComplete ? TopicLag.sum(partitions.map(\.committed)) : nil
        sum = committed.isComplete && lags.count == partitions.count ? TopicLag.sum(lags) : nil
    }

    /// Anybody may commit any offset: nil where no sum can be written down.
    private static func sum(_ offsets: [Int64]) -> Int64? {
        var total: Int64 = 0
        for offset in offsets {
            let (next, isOver) = total.addingReportingOverflow(offset)
            guard !isOver else { return nil }
            total = next
        }
        return total
    }
}
