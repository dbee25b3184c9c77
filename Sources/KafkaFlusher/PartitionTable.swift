/// The partitions of a topic at some moment; replaced as a whole when there are more.
final class PartitionTable: Sendable {
    let partitions: [KafkaPartition]

    init(_ partitions: [KafkaPartition]) { self.partitions = partitions }

    /// The same partitions and more.
    func grown(to count: Int, held: Bool) -> PartitionTable {
        let more = (partitions.count..<count).map { KafkaPartition(number: Int32($0), held: held) }
        return PartitionTable(partitions + more)
    }
}
