internal import LogPipeline
internal import Synchronization

/// What other threads have for the delivery thread. Nothing of a healthy partition comes this way.
final class KafkaInbox: Sendable {
    enum Post: Sendable {
        /// A batch of a partition that is held.
        case batch(Batch)
        /// librdkafka has these, except the ones refused.
        case refused(Batch, [Refusal])
        /// All of its records were dropped before hand-over.
        case whole(Batch)
        case metadata(ClusterMetadata)
        /// Metadata asked for at that time was not answered.
        case noMetadata(HoldReason, asked: UInt64)
        /// How large the topics' batches may be.
        case limits(TopicLimits)
        /// A topic that came after the start.
        case newTopic(KafkaTopic)
        /// A topic that nobody wrote to any more is written to again.
        case usedAgain(KafkaTopic)
        /// Something else that the delivery thread should look at has changed.
        case wake
    }

    private let posts = Mutex<[Post]>([])

    func post(_ post: Post) { posts.withLock { $0.append(post) } }

    /// - Returns: false if the partition is not held any more, so that the batch may go its usual way.
    func postIfHeld(_ batch: Batch, of partition: KafkaPartition) -> Bool {
        posts.withLock { posts in
            guard partition.isHeld.load(ordering: .sequentiallyConsistent) else { return false }
            partition.posted.add(1, ordering: .relaxed)
            posts.append(.batch(batch))
            return true
        }
    }

    /// Holds the partition from now on, because of what was refused.
    func postRefusals(_ refusals: [Refusal], in batch: Batch, of partition: KafkaPartition) {
        posts.withLock { posts in
            partition.isHeld.store(true, ordering: .sequentiallyConsistent)
            partition.posted.add(1, ordering: .relaxed)
            posts.append(.refused(batch, refusals))
        }
    }

    func hold(_ partition: KafkaPartition) {
        posts.withLock { _ in partition.isHeld.store(true, ordering: .sequentiallyConsistent) }
    }

    /// Lets new records of the partition pass, unless some wait here.
    func release(_ partition: KafkaPartition) -> Bool {
        posts.withLock { _ in
            guard partition.posted.load(ordering: .relaxed) == 0 else { return false }
            partition.isHeld.store(false, ordering: .sequentiallyConsistent)
            return true
        }
    }

    /// Everything posted, in order.
    ///
    /// - Parameter partition: finds the partition of a batch; it no longer waits here.
    func take(partition: (Batch) -> KafkaPartition) -> [Post] {
        posts.withLock { posts in
            for case .batch(let batch) in posts { partition(batch).posted.subtract(1, ordering: .relaxed) }
            for case .refused(let batch, _) in posts { partition(batch).posted.subtract(1, ordering: .relaxed) }
            defer { posts = [] }
            return posts
        }
    }
}
