internal import Telemetry

/// A picture of the cluster as metric families, with kafka_exporter's names, labels and meaning
/// (github.com/danielqsj/kafka_exporter).
///
/// Where they differ: what nobody answered has no series (kafka_exporter shows -1 for a partition of which a group has
/// committed nothing, and 0, healthy, where it could not ask), and a partition without a leader counts as under-replicated.
struct ClusterFamilies {
    private var families = MetricFamilies()

    /// - Returns: families that have samples, and no others.
    static func families(of picture: ClusterPicture) -> [MetricFamily] {
        var all = ClusterFamilies()
        all.brokers(picture)
        all.partitions(picture.topics)
        all.groups(picture)
        return all.families.all.filter { !$0.samples.isEmpty }
    }

    private mutating func brokers(_ picture: ClusterPicture) {
        families.begin("kafka_brokers", .gauge, help: "Number of Brokers in the Kafka Cluster.")
        families.sample(picture.brokers.count)
        families.begin("kafka_broker_info", .gauge, help: "Information about the Kafka Broker.")
        for broker in picture.brokers {
            families.sample(1, labels: ["id": String(broker.id), "address": broker.address])
        }
    }

    private mutating func partitions(_ topics: [ClusterPicture.Topic]) {
        families.begin("kafka_topic_partitions", .gauge, help: "Number of partitions for this Topic")
        for topic in topics { families.sample(topic.partitions.count, labels: ["topic": topic.name]) }
        each(topics, "current_offset", "Current Offset of a Broker at Topic/Partition") { $0.end }
        each(topics, "oldest_offset", "Oldest Offset of a Broker at Topic/Partition") { $0.oldest }
        each(topics, "leader", "Leader Broker ID of this Topic/Partition") { $0.leader.map(Int64.init) }
        each(topics, "replicas", "Number of Replicas for this Topic/Partition") { Int64($0.replicas.count) }
        // Without a leader the last one in sync is still in the controller's list, and nobody is in sync with anybody.
        each(topics, "in_sync_replica", "Number of In-Sync Replicas for this Topic/Partition") { partition in
            partition.leader == nil ? nil : Int64(partition.inSync.count)
        }
        each(topics, "leader_is_preferred", "1 if Topic/Partition is using the Preferred Broker") { partition in
            partition.leader != nil && partition.leader == partition.replicas.first ? 1 : 0
        }
        each(topics, "under_replicated_partition", "1 if Topic/Partition is under Replicated") { partition in
            partition.leader == nil || partition.inSync.count < partition.replicas.count ? 1 : 0
        }
    }

    private mutating func each(
        _ topics: [ClusterPicture.Topic],
        _ name: String,
        _ help: String,
        _ value: (ClusterPicture.Partition) -> Int64?
    ) {
        families.begin("kafka_topic_partition_" + name, .gauge, help: help)
        for topic in topics {
            for partition in topic.partitions {
                guard let value = value(partition) else { continue }
                families.sample(value, labels: ["topic": topic.name, "partition": String(partition.number)])
            }
        }
    }

    private mutating func groups(_ picture: ClusterPicture) {
        let topics = Dictionary(picture.topics.map { ($0.name, $0) }) { first, _ in first }
        let lags = picture.groups.flatMap { group in
            (group.committed ?? [:]).sorted { $0.key < $1.key }.compactMap { name, committed in
                topics[name].map { (group: group.name, topic: name, lag: TopicLag(committed, of: $0)) }
            }
        }
        let summedUp = Set(picture.groups.filter(\.isSummedUp).map(\.name))
        families.begin(
            "kafka_consumergroup_current_offset",
            .gauge,
            help: "Current Offset of a ConsumerGroup at Topic/Partition"
        )
        for (group, topic, lag) in lags where !summedUp.contains(group) {
            for partition in lag.partitions {
                let labels = Self.labels(group, topic, partition.number)
                families.sample(partition.committed, labels: labels)
            }
        }
        sums("current_offset_sum", "Current Offset of a ConsumerGroup at Topic for all partitions", lags) {
            $0.committedSum
        }
        families.begin(
            "kafka_consumergroup_lag",
            .gauge,
            help: "Current Approximate Lag of a ConsumerGroup at Topic/Partition"
        )
        for (group, topic, lag) in lags where !summedUp.contains(group) {
            for partition in lag.partitions {
                guard let value = partition.lag else { continue }
                families.sample(value, labels: Self.labels(group, topic, partition.number))
            }
        }
        sums("lag_sum", "Current Approximate Lag of a ConsumerGroup at Topic for all partitions", lags) { $0.sum }
        families.begin("kafka_consumergroup_members", .gauge, help: "Amount of members in a consumer group")
        for group in picture.groups {
            guard let members = group.members else { continue }
            families.sample(members, labels: ["consumergroup": group.name])
        }
    }

    /// Prometheus keeps names that end in `_sum` for histograms, and says so of gauges that have one.
    private mutating func sums(
        _ name: String,
        _ help: String,
        _ lags: [(group: String, topic: String, lag: TopicLag)],
        _ value: (TopicLag) -> Int64?
    ) {
        families.begin("kafka_consumergroup_" + name, .untyped, help: help)
        for (group, topic, lag) in lags where !lag.partitions.isEmpty {
            guard let value = value(lag) else { continue }
            families.sample(value, labels: ["consumergroup": group, "topic": topic])
        }
    }

    private static func labels(_ group: String, _ topic: String, _ partition: Int32) -> KeyValuePairs<String, String> {
        ["consumergroup": group, "topic": topic, "partition": String(partition)]
    }
}
