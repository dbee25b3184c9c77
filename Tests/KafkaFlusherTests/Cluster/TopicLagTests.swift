import Testing

@testable import KafkaFlusher

struct TopicLagTests {
    private static func topic(_ ends: [Int64?]) -> ClusterPicture.Topic {
        ClusterPicture.Topic(
            name: "logs",
            partitions: ends.enumerated().map {
                ClusterPicture.Partition(number: Int32($0), leader: 0, replicas: [0], inSync: [0], end: $1)
            }
        )
    }

    @Test func itIsWhatLiesBetweenTheCommittedOffsetAndTheEnd() {
        let lag = TopicLag(CommittedOffsets(offsets: [0: 10, 1: 25]), of: Self.topic([10, 30]))
        #expect(lag.partitions.map(\.lag) == [0, 5])
        #expect(lag.committedSum == 35)
        #expect(lag.sum == 5)
    }

    @Test func itIsNeverNegative() {
        let lag = TopicLag(CommittedOffsets(offsets: [0: 1_000, 1: 3]), of: Self.topic([10, 5]))
        #expect(lag.partitions.map(\.lag) == [0, 2])
        #expect(lag.sum == 2)
    }

    @Test func aPartitionOfWhichNothingIsCommittedIsLeftOut() {
        let lag = TopicLag(CommittedOffsets(offsets: [1: 7]), of: Self.topic([100, 9]))
        #expect(lag.partitions == [.init(number: 1, committed: 7, lag: 2)])
        #expect(lag.sum == 2)
    }

    @Test func whereAnEndIsNotKnownNeitherIsTheSum() {
        let lag = TopicLag(CommittedOffsets(offsets: [0: 1, 1: 7]), of: Self.topic([nil, 9]))
        #expect(lag.partitions.map(\.lag) == [nil, 2])
        #expect(lag.committedSum == 8)
        #expect(lag.sum == nil)
    }

    @Test func offsetsThatNobodyCouldAddUpHaveNoSum() {
        let lag = TopicLag(CommittedOffsets(offsets: [0: .max, 1: 1]), of: Self.topic([3, 9]))
        #expect(lag.partitions.map(\.lag) == [0, 8])
        #expect(lag.committedSum == nil)
        #expect(lag.sum == 8)
    }

    @Test func whereACommittedOffsetCouldNotBeReadThereAreNoSums() {
        let lag = TopicLag(CommittedOffsets(offsets: [0: 1], isComplete: false), of: Self.topic([3, 9]))
        #expect(lag.partitions.map(\.lag) == [2])
        #expect(lag.committedSum == nil)
        #expect(lag.sum == nil)
    }

    @Test func whatIsCommittedOfAPartitionThatIsNotThereDoesNotCount() {
        let lag = TopicLag(CommittedOffsets(offsets: [0: 1, 8: 100]), of: Self.topic([3]))
        #expect(lag.sum == 2)
        #expect(lag.committedSum == 1)
    }
}
