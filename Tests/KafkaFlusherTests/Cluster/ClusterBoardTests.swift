import Telemetry
import Testing

@testable import KafkaFlusher

struct ClusterBoardTests {
    private static let second: UInt64 = 1_000_000_000
    private static let names = [
        "sluice_kafka_metrics_success", "sluice_kafka_metrics_timestamp_seconds",
        "sluice_kafka_metrics_duration_seconds",
    ]

    private func collection(
        at start: UInt64,
        _ picture: ClusterPicture?,
        _ results: [ClusterPart: ClusterPart.Result]
    ) -> ClusterCollection {
        ClusterCollection(
            start: start * Self.second,
            end: (start + 2) * Self.second,
            picture: picture,
            results: results
        )
    }

    private func names(_ board: ClusterBoard, at second: UInt64) -> [String] {
        board.families(now: second * Self.second).map(\.name)
    }

    private func text(_ board: ClusterBoard, at second: UInt64) -> String {
        PrometheusText.text(board.families(now: second * Self.second))
    }

    @Test func beforeTheFirstCollectionItSaysThatThereWasNone() {
        let board = ClusterBoard(period: 15 * Self.second)
        #expect(names(board, at: 1_000) == Self.names)
        #expect(text(board, at: 1_000).contains("sluice_kafka_metrics_timestamp_seconds 0\n"))
        #expect(text(board, at: 1_000).contains("sluice_kafka_metrics_success{part=\"metadata\"} 0\n"))
    }

    @Test func valuesAreShownForTwoPeriodsAndNoLonger() {
        var board = ClusterBoard(period: 15 * Self.second)
        let complete: [ClusterPart: ClusterPart.Result] = [
            .metadata: .complete, .offsets: .complete, .groups: .complete,
        ]
        board.show(collection(at: 1_000, ClusterFamiliesTests.healthy, complete), wallClock: 1_700_000_000_500_000_000)
        #expect(text(board, at: 1_003).contains("kafka_brokers 2\n"))
        #expect(text(board, at: 1_003).contains("sluice_kafka_metrics_success{part=\"groups\"} 1\n"))
        #expect(text(board, at: 1_003).contains("sluice_kafka_metrics_duration_seconds 2\n"))
        #expect(text(board, at: 1_003).contains("sluice_kafka_metrics_timestamp_seconds 1700000000.5\n"))

        board.show(collection(at: 1_015, nil, [.metadata: .failed(.timedOut)]), wallClock: 1_700_000_015_500_000_000)
        #expect(text(board, at: 1_029).contains("kafka_brokers 2\n"))
        #expect(text(board, at: 1_029).contains("sluice_kafka_metrics_success{part=\"metadata\"} 0\n"))
        #expect(text(board, at: 1_029).contains("sluice_kafka_metrics_success{part=\"offsets\"} 0\n"))
        #expect(text(board, at: 1_029).contains("sluice_kafka_metrics_timestamp_seconds 1700000000.5\n"))
        #expect(names(board, at: 1_030) == Self.names)
    }

    @Test func whatACollectionDidNotFindIsGoneAtOnce() {
        var board = ClusterBoard(period: 15 * Self.second)
        board.show(collection(at: 0, ClusterFamiliesTests.healthy, [.metadata: .complete]), wallClock: 1)
        var picture = ClusterFamiliesTests.healthy
        picture.groups = []
        board.show(collection(at: 15, picture, [.metadata: .complete, .groups: .failed(.timedOut)]), wallClock: 2)
        #expect(!text(board, at: 16).contains("kafka_consumergroup"))
    }

    @Test func whatTheClusterDoesNotOfferIsNeitherGoodNorBad() {
        var board = ClusterBoard(period: Self.second)
        board.show(collection(at: 0, ClusterPicture(), [.metadata: .complete, .groups: .notOffered]), wallClock: 1)
        #expect(!text(board, at: 0).contains("part=\"groups\""))
    }
}
