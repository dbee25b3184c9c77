/// How much of what a collection asked for it did not get.
struct ClusterMissing: Equatable, Sendable {
    /// Topics, partitions or groups, by the part.
    private(set) var count = 0
    /// One of them.
    private(set) var example: String?

    init() {}

    /// - Parameter names: in any order; of them the first by name is the example.
    init(_ names: some Collection<String>) {
        count = names.count
        example = names.min()
    }

    mutating func add(_ partition: PartitionID) {
        count += 1
        example = example ?? "\(partition.topic)/\(partition.number)"
    }

    mutating func add(_ other: ClusterMissing) {
        count += other.count
        example = example ?? other.example
    }
}
