/// A topic as one broker sees it.
struct KafkaView: Sendable {
    let broker: KafkaBroker
    /// Brokers that are in sync in every partition; nil where the broker gives no answer, or knows no leader of one.
    let inSync: Set<Int>?
    private let said: String

    /// - Parameter listing: what kcat's `-L` printed of all topics, with its errors.
    init(_ broker: KafkaBroker, of topic: String, _ listing: String) {
        self.broker = broker
        let topics = listing.split(separator: "  topic ")
        let own = topics.first { $0.hasPrefix("\"\(topic)\" with ") } ?? ""
        let partitions = own.matches(of: /partition \d+, leader (-?\d+), replicas: [\d,]*, isrs: ([\d,]*)/)
        let hasLeaders = !partitions.isEmpty && partitions.allSatisfy { $0.1 != "-1" }
        inSync =
            hasLeaders
            ? partitions.map { Set($0.2.split(separator: ",").compactMap { Int($0) }) }
                .reduce(Set(0..<KafkaCluster.brokers)) { $0.intersection($1) } : nil
        said = partitions.isEmpty ? String(listing.suffix(300)) : partitions.map { "\($0.0)" }.joined(separator: "; ")
    }

    var isWhole: Bool { inSync?.count == KafkaCluster.brokers }
}

extension KafkaView: CustomStringConvertible {
    var description: String { "broker \(broker.number): \(said)" }
}
