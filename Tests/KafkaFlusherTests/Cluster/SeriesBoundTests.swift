import Telemetry
import Testing

@testable import KafkaFlusher

struct SeriesBoundTests {
    private static func topic(_ name: String, partitions: Int32) -> ClusterPicture.Topic {
        .init(
            name: name,
            partitions: (0..<partitions).map {
                .init(number: $0, leader: 1, replicas: [1], inSync: [1], oldest: 0, end: 10)
            }
        )
    }

    private static func group(_ name: String, _ topics: [String], partitions: Int32) -> ClusterPicture.Group {
        let offsets = Dictionary(uniqueKeysWithValues: (0..<partitions).map { ($0, Int64(3)) })
        return .init(
            name: name,
            members: 1,
            committed: Dictionary(uniqueKeysWithValues: topics.map { ($0, CommittedOffsets(offsets: offsets)) })
        )
    }

    private static let picture = ClusterPicture(
        brokers: [.init(id: 1, address: "a:9092")],
        topics: [topic("audit", partitions: 10), topic("logs", partitions: 10), topic("small", partitions: 1)],
        groups: (0..<10).map { group("group-\($0)", ["logs"], partitions: 10) } + [
            group("other", ["audit"], partitions: 10)
        ]
    )

    private static func apply(_ most: Int, to picture: inout ClusterPicture) -> ClusterLeftOut {
        var bound = SeriesBound(most: most)
        bound.topics(of: &picture, own: ["logs"])
        // Nobody has been asked about the others.
        let kept = Set(picture.topics.map(\.name))
        picture.groups = picture.groups.compactMap { $0.reading(kept) }
        bound.groups(of: &picture, unasked: 0)
        return bound.leftOut
    }

    private static func series(_ picture: ClusterPicture) -> Int {
        ClusterFamilies.families(of: picture).reduce(0) { $0 + $1.samples.count }
    }

    @Test func whatFitsIsLeftAsItIs() {
        var picture = Self.picture
        let whole = Self.series(picture)
        let leftOut = Self.apply(whole, to: &picture)
        #expect(leftOut == ClusterLeftOut())
        #expect(picture == Self.picture)
    }

    @Test func groupsLoseTheirPartitionsFirst() {
        var picture = Self.picture
        let leftOut = Self.apply(Self.series(picture) - 1, to: &picture)
        #expect(leftOut == ClusterLeftOut(topics: 0, groups: 0, groupPartitions: 1))
        #expect(picture.groups.map(\.name) == Self.picture.groups.map(\.name))
        #expect(picture.groups.last?.isSummedUp == true)
        let families = ClusterFamilies.families(of: picture)
        let lags = families.first { $0.name == "kafka_consumergroup_lag" }?.samples ?? []
        let sums = families.first { $0.name == "kafka_consumergroup_lag_sum" }?.samples ?? []
        #expect(lags.count == 100 && !lags.contains { $0.labels[0].value == "other" })
        #expect(sums.count == 11)
    }

    @Test func topicsThatAreNotOursGoBeforeThoseThatAre() {
        var picture = Self.picture
        let leftOut = Self.apply(180, to: &picture)
        #expect(picture.topics.map(\.name) == ["logs", "small"])
        #expect(leftOut == ClusterLeftOut(topics: 1, groups: 0, groupPartitions: 7))
        #expect(Self.series(picture) <= 180)
    }

    @Test func thereAreNeverMoreThanSoMany() {
        for most in [2, 10, 50, 73, 100, 150, 200, 300, 400, 500] {
            var picture = Self.picture
            let leftOut = Self.apply(most, to: &picture)
            #expect(Self.series(picture) <= most, "\(most)")
            #expect(picture.topics.count + leftOut.topics == 3)
            let shown = Set(picture.topics.map(\.name))
            let readers = Self.picture.groups.count { $0.reading(shown) != nil }
            #expect(picture.groups.count + leftOut.groups == readers)
        }
    }
}
