extension ClusterPicture {
    /// Partitions that have a leader, by its id.
    var partitionsByLeader: [Int32: [PartitionID]] {
        var leaders: [Int32: [PartitionID]] = [:]
        for topic in topics {
            for partition in topic.partitions {
                guard let leader = partition.leader else { continue }
                leaders[leader, default: []].append(PartitionID(topic: topic.name, number: partition.number))
            }
        }
        return leaders
    }

    mutating func setOffsets(firsts: [PartitionID: Int64], lasts: [PartitionID: Int64]) {
        for topic in topics.indices {
            for partition in topics[topic].partitions.indices {
                let id = PartitionID(topic: topics[topic].name, number: topics[topic].partitions[partition].number)
                topics[topic].partitions[partition].oldest = firsts[id]
                topics[topic].partitions[partition].end = lasts[id]
            }
        }
    }
}
