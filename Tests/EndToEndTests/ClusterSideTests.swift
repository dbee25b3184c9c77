import Foundation
import Testing

extension WholeSystem {
    /// What `/metrics` tells of a real Kafka, against what kcat and Kafka's own tools tell of it.
    ///
    /// On one version; `SLUICE_KAFKA_VERSION=3.9.1` for the other.
    @Suite(.enabled(if: Built.kafka != nil, "SLUICE_KAFKA names no folder with a real Kafka"))
    struct ClusterSideTests {
        private static let version = ProcessInfo.processInfo.environment["SLUICE_KAFKA_VERSION"] ?? "4.1.1"
        private static let logs = 600

        private let workspace: Workspace

        init() throws { workspace = try Workspace() }

        @Test func itAgreesWithKafkasOwnToolsAndHidesWhatIsDown() async throws {
            let kafka = try await KafkaCluster.start(version: Self.version, in: workspace)
            let hosts = try await kafka.hosts()
            async let ours: Void = kafka.perform("topic logs --partitions 3")
            try await kafka.perform("topic audit-lone --partitions 3 --replication 1")
            try await ours
            let gateway = try await Gateway.start(
                kafka: hosts,
                settings: "kafka_metrics: {topics: [\"^audit-\"], period: 2s}",
                in: workspace
            )
            let client = try Tool.client(
                "relay.py",
                ["\(gateway.url)/logs", "--run", "lag", "--connections", "6", "--messages", "\(Self.logs / 6)"],
                in: workspace
            )
            #expect(try await client.exit() == .code(0))
            try await gateway.settled(Self.logs)
            try await consume(group: "billing", count: 150, hosts)
            // One that stays, and that has read nothing yet.
            let member = try Child(Built.kcat, ["-b", hosts, "-G", "live", "audit-lone"], in: workspace)

            let lag = try await agree(gateway, kafka, hosts)
            try await expectPromtoolToTakeIt(gateway)
            try await eventually("the live group has its member") {
                let members = try gateway.metrics().values("kafka_consumergroup_members")
                return members[#"{consumergroup="live"}"#] == 1 && members[#"{consumergroup="billing"}"#] == 0
            }
            let lone = try await leaders(of: "audit-lone", hosts)
            withExtendedLifetime(member) {}

            try await kafka.perform("kill 1")
            try await expectTheDeadToBeMissed(gateway, lone, lag: lag)
            try await kafka.perform("restart 1")
            try await kafka.becomesWhole("logs")
            try await eventually("all is as it was") {
                let metrics = try gateway.metrics()
                return metrics.sum("kafka_brokers") == 3
                    && metrics.values("kafka_topic_partition_current_offset").count == 6
                    && metrics.sum("kafka_topic_partition_under_replicated_partition") == 0
                    && metrics.values("kafka_consumergroup_lag_sum")[Self.lagSum] == lag
            }
            #expect(try await gateway.stop() == .code(0))
        }

        private static let lagSum = #"{consumergroup="billing",topic="logs"}"#

        /// Reads so many records in the name of a group, commits and leaves.
        private func consume(group: String, count: Int, _ hosts: String) async throws {
            _ = try await Tool.output(
                Built.kcat,
                ["-b", hosts, "-X", "auto.offset.reset=earliest", "-c", "\(count)", "-G", group, "logs"],
                in: workspace
            )
        }

        /// Offsets, lag and metadata against three other programs.
        ///
        /// - Returns: the group's lag.
        private func agree(_ gateway: Gateway, _ kafka: KafkaCluster, _ hosts: String) async throws -> Int {
            async let described = kafka.perform(["tool", "groups", "--describe", "--group", "billing"])
            async let ends = kafka.perform(["tool", "offsets", "--topic", "logs"])
            let questions = (0..<3).flatMap { ["-t", "logs:\($0):-1"] }
            let asked = try await Tool.output(Built.kcat, ["-Q", "-b", hosts] + questions, in: workspace)
            let metrics = try await eventually("all is collected") {
                let metrics = try gateway.metrics()
                let isThere = metrics.values("kafka_consumergroup_lag_sum")[Self.lagSum] != nil
                return isThere && metrics.sum("sluice_kafka_metrics_success") == 3 ? metrics : nil
            }
            let offsets = metrics.values("kafka_topic_partition_current_offset")
                .filter { $0.key.contains(#"topic="logs""#) }
            let fromKcat = asked.matches(of: /logs \[([0-9]+)\] offset ([0-9]+)/).map {
                (Self.partition($0.1), Int($0.2) ?? -1)
            }
            let fromKafka = try await ends.matches(of: /logs:([0-9]+):([0-9]+)/).map {
                (Self.partition($0.1), Int($0.2) ?? -1)
            }
            #expect(offsets == Dictionary(uniqueKeysWithValues: fromKcat), "\(asked)")
            #expect(offsets == Dictionary(uniqueKeysWithValues: fromKafka))
            #expect(offsets.values.reduce(0, +) == Self.logs)
            let rows = try await described.matches(of: /billing +logs +([0-9]+) +([0-9]+) +([0-9]+) +([0-9]+)/)
            #expect(!rows.isEmpty)
            for row in rows {
                let labels = #"{consumergroup="billing","# + Self.partition(row.1).dropFirst()
                #expect(metrics.values("kafka_consumergroup_current_offset")[labels] == Int(row.2))
                #expect(metrics.values("kafka_consumergroup_lag")[labels] == Int(row.4))
            }
            let lags = metrics.values("kafka_consumergroup_lag").filter { $0.key.contains("billing") }
            #expect(lags.count == rows.count)
            #expect(metrics.values("kafka_consumergroup_lag_sum")[Self.lagSum] == lags.values.reduce(0, +))
            #expect(metrics.sum("kafka_brokers") == 3)
            #expect(metrics.values("kafka_topic_partition_replicas", #"topic="logs""#) == [3, 3, 3])
            #expect(metrics.values("kafka_topic_partition_in_sync_replica", #"topic="audit-lone""#) == [1, 1, 1])
            let leaders = try await leaders(of: "logs", hosts)
            #expect(metrics.values("kafka_topic_partition_leader").filter { $0.key.contains(#""logs""#) } == leaders)
            let lag = lags.values.reduce(0, +)
            #expect(lag > 0)
            return lag
        }

        private static func partition(_ number: Substring) -> String { #"{topic="logs",partition="\#(number)"}"# }

        /// By kcat: the leader of each partition, by the labels that it has in the metrics.
        private func leaders(of topic: String, _ hosts: String) async throws -> [String: Int] {
            let listing = try await Tool.output(Built.kcat, ["-L", "-b", hosts, "-t", topic], in: workspace)
            let found = listing.matches(of: /partition ([0-9]+), leader ([0-9]+)/).map {
                (#"{topic="\#(topic)",partition="\#($0.1)"}"#, Int($0.2) ?? -1)
            }
            guard found.count == 3 else { throw Failure("leaders of \(topic): \(listing)") }
            return Dictionary(uniqueKeysWithValues: found)
        }

        private func expectPromtoolToTakeIt(_ gateway: Gateway) async throws {
            let promtool = URL(filePath: "/usr/bin/promtool")
            guard FileManager.default.isExecutableFile(atPath: promtool.path) else { return }
            let page = try HTTP.get("/metrics", port: gateway.admin).body
            let verdict = try await Tool.run(promtool, ["check", "metrics"], input: page, in: workspace)
            #expect(verdict.status == .code(0), "\(verdict)")
        }

        /// - Parameters:
        ///   - lone: who led the partitions that have one replica.
        ///   - lag: the group's, as before.
        private func expectTheDeadToBeMissed(_ gateway: Gateway, _ lone: [String: Int], lag: Int) async throws {
            let metrics = try await eventually("two brokers are left, and lead") {
                // Every scrape is answered, whatever the collections wait for.
                let metrics = try gateway.metrics()
                let offsets = metrics.values("kafka_topic_partition_current_offset")
                let isSettled =
                    metrics.sum("kafka_brokers") == 2 && offsets.count == 5
                    && metrics.values("kafka_consumergroup_lag_sum")[Self.lagSum] != nil
                return isSettled ? metrics : nil
            }
            let alive = metrics.byLabel("kafka_broker_info", "id").keys.compactMap { Int($0) }
            let orphans = lone.filter { !alive.contains($0.value) }.map(\.key)
            #expect(orphans.count == 1)
            for name in [
                "kafka_topic_partition_current_offset", "kafka_topic_partition_oldest_offset",
                "kafka_topic_partition_leader", "kafka_topic_partition_in_sync_replica",
            ] {
                #expect(orphans.allSatisfy { metrics.values(name)[$0] == nil }, "\(name)")
            }
            for orphan in orphans {
                #expect(metrics.values("kafka_topic_partition_under_replicated_partition")[orphan] == 1)
                #expect(metrics.values("kafka_topic_partition_leader_is_preferred")[orphan] == 0)
            }
            let underReplicated = metrics.values("kafka_topic_partition_under_replicated_partition")
            #expect(underReplicated.filter { $0.key.contains(#""logs""#) }.values.allSatisfy { $0 == 1 })
            #expect(metrics.values("kafka_consumergroup_lag_sum")[Self.lagSum] == lag)
            #expect(metrics.values("kafka_consumergroup_lag").values.allSatisfy { $0 >= 0 })
        }
    }
}

extension Metrics {
    /// The values of those series whose labels hold a text.
    fileprivate func values(_ name: String, _ label: String) -> [Int] {
        values(name).filter { $0.key.contains(label) }.map(\.value)
    }
}
