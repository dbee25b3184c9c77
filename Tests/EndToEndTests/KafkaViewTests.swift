import Foundation
import Testing

/// What kcat's list of topics says of one of them.
struct KafkaViewTests {
    private static let listing = """
        Metadata for all topics (from broker 1: 127.0.0.1:21010/1):
         3 brokers:
          broker 0 at 127.0.0.1:21000
         2 topics:
          topic "logs" with 2 partitions:
            partition 0, leader 2, replicas: 2,0,1, isrs: 2,0,1
            partition 1, leader 0, replicas: 0,1,2, isrs: 0,2
          topic "logs-2" with 1 partitions:
            partition 0, leader 1, replicas: 1,2,0, isrs: 1,2,0

        """

    private func view(of topic: String, _ listing: String = listing) -> KafkaView {
        KafkaView(KafkaBroker(number: 1, address: "127.0.0.1:21010", folder: URL(filePath: "/")), of: topic, listing)
    }

    @Test func whoIsInSyncInEveryPartitionOfTheTopicIsInSync() {
        #expect(view(of: "logs").inSync == [0, 2])
        #expect(!view(of: "logs").isWhole)
        #expect(view(of: "logs-2").isWhole)
    }

    @Test func aTopicThatIsNotThereOrHasNoLeaderOrABrokerWithoutAnAnswerIsNotWhole() {
        #expect(view(of: "log").inSync == nil)
        #expect(view(of: "logs-2", Self.listing.replacing("leader 1", with: "leader -1")).inSync == nil)
        let refusal = view(of: "logs", "% ERROR: Failed to acquire metadata: Local: Broker transport failure")
        #expect(refusal.inSync == nil && "\(refusal)".contains("transport failure"))
    }
}
