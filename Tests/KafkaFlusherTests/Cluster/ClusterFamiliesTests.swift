import Telemetry
import Testing

@testable import KafkaFlusher

struct ClusterFamiliesTests {
    private func text(_ picture: ClusterPicture) -> String {
        PrometheusText.text(ClusterFamilies.families(of: picture))
    }

    private func samples(_ picture: ClusterPicture) -> Set<String> {
        Set(text(picture).split(separator: "\n").filter { !$0.hasPrefix("#") }.map(String.init))
    }

    static let healthy = ClusterPicture(
        brokers: [.init(id: 0, address: "a:9092"), .init(id: 1, address: "b:9092")],
        topics: [
            .init(
                name: "logs",
                partitions: [
                    .init(number: 0, leader: 0, replicas: [0, 1], inSync: [0, 1], oldest: 5, end: 105),
                    .init(number: 1, leader: 0, replicas: [1, 0], inSync: [0], oldest: 0, end: 40),
                ]
            )
        ],
        groups: [
            .init(
                name: "billing",
                members: 2,
                committed: ["logs": CommittedOffsets(offsets: [0: 100, 1: 40])],
                assigned: ["logs"]
            )
        ]
    )

    @Test func everySeriesHasTheNamesAndLabelsOfKafkaExporter() {
        #expect(
            samples(Self.healthy) == [
                "kafka_brokers 2",
                #"kafka_broker_info{id="0",address="a:9092"} 1"#,
                #"kafka_broker_info{id="1",address="b:9092"} 1"#,
                #"kafka_topic_partitions{topic="logs"} 2"#,
                #"kafka_topic_partition_current_offset{topic="logs",partition="0"} 105"#,
                #"kafka_topic_partition_current_offset{topic="logs",partition="1"} 40"#,
                #"kafka_topic_partition_oldest_offset{topic="logs",partition="0"} 5"#,
                #"kafka_topic_partition_oldest_offset{topic="logs",partition="1"} 0"#,
                #"kafka_topic_partition_leader{topic="logs",partition="0"} 0"#,
                #"kafka_topic_partition_leader{topic="logs",partition="1"} 0"#,
                #"kafka_topic_partition_replicas{topic="logs",partition="0"} 2"#,
                #"kafka_topic_partition_replicas{topic="logs",partition="1"} 2"#,
                #"kafka_topic_partition_in_sync_replica{topic="logs",partition="0"} 2"#,
                #"kafka_topic_partition_in_sync_replica{topic="logs",partition="1"} 1"#,
                #"kafka_topic_partition_leader_is_preferred{topic="logs",partition="0"} 1"#,
                #"kafka_topic_partition_leader_is_preferred{topic="logs",partition="1"} 0"#,
                #"kafka_topic_partition_under_replicated_partition{topic="logs",partition="0"} 0"#,
                #"kafka_topic_partition_under_replicated_partition{topic="logs",partition="1"} 1"#,
                #"kafka_consumergroup_current_offset{consumergroup="billing",topic="logs",partition="0"} 100"#,
                #"kafka_consumergroup_current_offset{consumergroup="billing",topic="logs",partition="1"} 40"#,
                #"kafka_consumergroup_current_offset_sum{consumergroup="billing",topic="logs"} 140"#,
                #"kafka_consumergroup_lag{consumergroup="billing",topic="logs",partition="0"} 5"#,
                #"kafka_consumergroup_lag{consumergroup="billing",topic="logs",partition="1"} 0"#,
                #"kafka_consumergroup_lag_sum{consumergroup="billing",topic="logs"} 5"#,
                #"kafka_consumergroup_members{consumergroup="billing"} 2"#,
            ]
        )
    }

    @Test func whatPrometheusKeepsForHistogramsIsUntypedAndTheRestAreGauges() {
        for family in ClusterFamilies.families(of: Self.healthy) {
            #expect(family.kind == (family.name.hasSuffix("_sum") ? .untyped : .gauge), "\(family.name)")
        }
    }

    @Test func aPartitionWithoutALeaderIsNotShownAsHealthy() {
        var picture = Self.healthy
        picture.topics[0].partitions[0].leader = nil
        picture.topics[0].partitions[0].inSync = [0, 1]
        picture.topics[0].partitions[0].end = nil
        picture.topics[0].partitions[0].oldest = nil
        let found = samples(picture)
        let ofTheFirst = found.filter { $0.contains(#"partition="0""#) && $0.hasPrefix("kafka_topic_") }
        #expect(
            ofTheFirst == [
                #"kafka_topic_partition_replicas{topic="logs",partition="0"} 2"#,
                #"kafka_topic_partition_leader_is_preferred{topic="logs",partition="0"} 0"#,
                #"kafka_topic_partition_under_replicated_partition{topic="logs",partition="0"} 1"#,
            ]
        )
        #expect(!text(picture).contains("kafka_consumergroup_lag_sum"))
        #expect(!found.contains { $0.hasPrefix("kafka_consumergroup_lag{") && $0.contains(#"partition="0""#) })
        #expect(found.contains { $0.hasPrefix("kafka_consumergroup_current_offset_sum") })
    }

    @Test func whatIsNotKnownHasNoFamily() {
        let picture = ClusterPicture(
            brokers: [.init(id: 0, address: "a:9092")],
            groups: [.init(name: "new", members: nil, committed: nil, assigned: ["logs"])]
        )
        #expect(ClusterFamilies.families(of: picture).map(\.name) == ["kafka_brokers", "kafka_broker_info"])
    }
}
