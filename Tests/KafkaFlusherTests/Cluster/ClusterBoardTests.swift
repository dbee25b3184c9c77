import Telemetry
import Testing

@testable import KafkaFlusher

struct ClusterBoardTests {
    private static let second: UInt64 = 1_000_000_000
    private static let names = [
        "sluice_kafka_metrics_success", "sluice_kafka_metrics_unanswered", "sluice_kafka_metrics_left_out",
        "sluice_kafka_metrics_timestamp_seconds", "sluice_kafka_metrics_duration_seconds",
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

    private func text(_ board: ClusterBoard, at second: UInt64, _ format: MetricsFormat = .prometheus) -> String {
        var board = board
        let (about, page) = board.read(format, now: second * Self.second)
        return format.lines(about) + (page?.written(in: format) ?? "")
    }

    private func names(_ board: ClusterBoard, at second: UInt64) -> [String] {
        text(board, at: second).split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }
            .map { String($0.split(separator: " ")[2]) }
    }

    private func show(_ board: inout ClusterBoard, _ collection: ClusterCollection, wallClock: Int64) {
        let page = collection.picture.map { picture in
            ClusterPage(picture, collectedAt: collection.start, in: board.formats(now: collection.end))
        }
        board.show(collection, page, wallClock: wallClock)
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
        let first = collection(at: 1_000, ClusterFamiliesTests.healthy, complete)
        show(&board, first, wallClock: 1_700_000_000_500_000_000)
        #expect(text(board, at: 1_003).contains("kafka_brokers 2\n"))
        #expect(text(board, at: 1_003).contains("sluice_kafka_metrics_success{part=\"groups\"} 1\n"))
        #expect(text(board, at: 1_003).contains("sluice_kafka_metrics_duration_seconds 2\n"))
        #expect(text(board, at: 1_003).contains("sluice_kafka_metrics_timestamp_seconds 1700000000.5\n"))

        show(&board, collection(at: 1_015, nil, [.metadata: .failed(.timedOut)]), wallClock: 1_700_000_015_500_000_000)
        #expect(text(board, at: 1_029).contains("kafka_brokers 2\n"))
        #expect(text(board, at: 1_029).contains("sluice_kafka_metrics_success{part=\"metadata\"} 0\n"))
        #expect(text(board, at: 1_029).contains("sluice_kafka_metrics_success{part=\"offsets\"} 0\n"))
        #expect(text(board, at: 1_029).contains("sluice_kafka_metrics_timestamp_seconds 1700000000.5\n"))
        #expect(names(board, at: 1_030) == Self.names)
    }

    @Test func whatACollectionDidNotFindIsGoneAtOnce() {
        var board = ClusterBoard(period: 15 * Self.second)
        show(&board, collection(at: 0, ClusterFamiliesTests.healthy, [.metadata: .complete]), wallClock: 1)
        var picture = ClusterFamiliesTests.healthy
        picture.groups = []
        show(&board, collection(at: 15, picture, [.metadata: .complete, .groups: .failed(.timedOut)]), wallClock: 2)
        #expect(!text(board, at: 16).contains("kafka_consumergroup"))
    }

    @Test func whatTheClusterDoesNotOfferIsNeitherGoodNorBad() {
        var board = ClusterBoard(period: Self.second)
        show(&board, collection(at: 0, ClusterPicture(), [.metadata: .complete, .groups: .notOffered]), wallClock: 1)
        #expect(!text(board, at: 0).contains("part=\"groups\""))
    }

    @Test func whatIsMissingAndWhatIsLeftOutIsCounted() {
        var board = ClusterBoard(period: Self.second)
        var part = collection(at: 5, ClusterFamiliesTests.healthy, [.metadata: .complete, .groups: .failed(.timedOut)])
        part.missing[.groups] = ClusterMissing(["a", "b", "c"])
        part.leftOut = ClusterLeftOut(topics: 4, groups: 5, groupPartitions: 6)
        show(&board, part, wallClock: 1)
        for line in [
            #"sluice_kafka_metrics_unanswered{part="groups"} 3"#, #"sluice_kafka_metrics_unanswered{part="offsets"} 0"#,
            #"sluice_kafka_metrics_left_out{what="topics"} 4"#, #"sluice_kafka_metrics_left_out{what="groups"} 5"#,
            #"sluice_kafka_metrics_left_out{what="group_partitions"} 6"#,
        ] {
            #expect(text(board, at: 5).contains(line + "\n"), "\(line)")
        }
    }

    @Test func aFormatThatIsAskedForIsWrittenOnceForEachCollection() {
        var board = ClusterBoard(period: Self.second)
        show(&board, collection(at: 1, ClusterFamiliesTests.healthy, [.metadata: .complete]), wallClock: 1)
        let first = board.read(.openMetrics, now: Self.second).page
        #expect(first?[.openMetrics] == nil)
        board.keep("written", .openMetrics, collectedAt: Self.second)
        let second = board.read(.openMetrics, now: Self.second).page
        #expect(second?[.openMetrics] == "written")
        // What was written of a page that is not shown any more is nobody's.
        show(&board, collection(at: 2, ClusterFamiliesTests.healthy, [.metadata: .complete]), wallClock: 2)
        board.keep("late", .openMetrics, collectedAt: Self.second)
        let third = board.read(.openMetrics, now: 2 * Self.second).page
        let expected = MetricsFormat.openMetrics.lines(ClusterFamilies.families(of: ClusterFamiliesTests.healthy))
        #expect(third?[.openMetrics] == expected)
        #expect(third?[.influx] == nil)
        // Ten minutes without a scrape: nobody reads it.
        #expect(board.formats(now: 601 * Self.second) == [.openMetrics])
        #expect(board.formats(now: 603 * Self.second).isEmpty)
    }
}
