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

    var partitionsWithoutLeader: [PartitionID] {
        topics.flatMap { topic in
            topic.partitions.filter { $0.leader == nil }.map { PartitionID(topic: topic.name, number: $0.number) }
        }
    }

    mutating func setOffsets(_ ends: PartitionEnds) {
        for topic in topics.indices {
            for partition in topics[topic].partitions.indices {
                let id = PartitionID(topic: topics[topic].name, number: topics[topic].partitions[partition].number)
                topics[topic].partitions[partition].oldest = ends.firsts[id]
                topics[topic].partitions[partition].end = ends.lasts[id]
            }
        }
    }
}
