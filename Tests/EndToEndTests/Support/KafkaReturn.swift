import Foundation

/// Brings brokers back that do not come back by themselves: that they do is what tests of the gateway build on, and not
/// what they test.
///
/// A broker ends at its start when it finds its folder or a port still held by the one that was killed, and when the
/// controllers do not take its registration for a minute.
struct KafkaReturn {
    /// How long a broker may take before it is ended and started once more. None is known to need half of it.
    private static let patience = Duration.seconds(75)

    private let cluster: KafkaCluster
    private let clock = ContinuousClock()
    private var begun: ContinuousClock.Instant

    init(of cluster: KafkaCluster) {
        self.cluster = cluster
        begun = clock.now
    }

    /// Starts whoever is gone, and whoever has been out of sync for long.
    mutating func hasten(_ views: [KafkaView]) async throws {
        for broker in cluster.members where !broker.isRunning {
            print("Kafka: broker \(broker.number) is gone and is started again: \(broker.testimony)")
            try await cluster.perform("restart \(broker.number)")
        }
        guard clock.now - begun > Self.patience else { return }
        begun = clock.now
        let known = views.compactMap(\.inSync)
        guard !known.isEmpty else { return }
        for broker in cluster.members where !known.contains(where: { $0.contains(broker.number) }) {
            print("Kafka: broker \(broker.number) is out of sync for long and is started again: \(broker.testimony)")
            // It may have ended by itself just now.
            _ = try? await cluster.perform("kill \(broker.number)")
            try await cluster.perform("restart \(broker.number)")
        }
    }
}
