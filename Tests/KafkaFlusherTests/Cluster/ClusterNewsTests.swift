import CRdKafka
import LogPipeline
import Synchronization
import Telemetry
import Testing

@testable import KafkaFlusher

struct ClusterNewsTests {
    private final class Lines: Sendable {
        let all = Mutex<[String]>([])
        var logger: Logger { Logger(minimum: .info) { line in self.all.withLock { $0.append(line) } } }
    }

    private func collection(_ results: [ClusterPart: ClusterPart.Result]) -> ClusterCollection {
        ClusterCollection(start: 0, end: 1, picture: nil, results: results)
    }

    @Test func whatIsMissingIsSaidOnceAndOnceThatItIsThereAgain() {
        let lines = Lines()
        let news = ClusterNews(lines.logger)
        let refused = ClusterError(RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED)
        for _ in 0..<100 { news.tell(collection([.metadata: .complete, .groups: .failed(refused)])) }
        #expect(lines.all.withLock { $0.count } == 1)
        #expect(lines.all.withLock { $0[0].contains("kafka.metrics_incomplete") && $0[0].contains("part=groups") })
        news.tell(collection([.metadata: .complete, .groups: .complete]))
        #expect(lines.all.withLock { $0.last?.contains("kafka.metrics_complete") } == true)
        #expect(lines.all.withLock { $0.count } == 2)
    }

    @Test func whatComesAndGoesIsNotSaidEveryTime() {
        let lines = Lines()
        let news = ClusterNews(lines.logger)
        for _ in 0..<100 {
            news.tell(collection([.offsets: .failed(.timedOut)]))
            news.tell(collection([.offsets: .complete]))
        }
        #expect(lines.all.withLock { $0.count } == 2)
    }

    @Test func whatTheClusterDoesNotOfferIsNotWorthALine() {
        let lines = Lines()
        ClusterNews(lines.logger).tell(collection([.metadata: .complete, .offsets: .complete, .groups: .notOffered]))
        #expect(lines.all.withLock { $0.isEmpty })
    }

    @Test func howMuchIsMissingIsSaidWithOneOfThem() {
        let lines = Lines()
        var part = collection([.groups: .failed(.timedOut)])
        part.missing[.groups] = ClusterMissing(["b", "a", "c"])
        ClusterNews(lines.logger).tell(part)
        #expect(lines.all.withLock { $0.first?.contains("missing=3 such_as=a") } == true)
    }

    @Test func whatIsLeftOutIsSaidOnce() {
        let lines = Lines()
        let news = ClusterNews(lines.logger)
        var large = ClusterCollection(start: 0, picture: ClusterPicture())
        large.leftOut = ClusterLeftOut(topics: 1, groups: 2, groupPartitions: 3)
        for _ in 0..<5 { news.tell(large) }
        large.leftOut.groups += 1
        news.tell(large)
        #expect(lines.all.withLock { $0.count } == 1)
        #expect(lines.all.withLock { $0[0].contains("kafka.metrics_left_out topics=1 groups=2 group_partitions=3") })
    }

    @Test func aClientThatCannotBeMadeIsSaidOnceAndOnceThatThereIsOne() {
        let lines = Lines()
        let news = ClusterNews(lines.logger)
        news.begun()
        #expect(lines.all.withLock { $0.isEmpty })
        for _ in 0..<5 { news.failed(FlusherError(setting: "kafka_metrics", message: "no thread")) }
        news.begun()
        news.begun()
        #expect(lines.all.withLock { $0.count } == 2)
        #expect(lines.all.withLock { $0[0].contains("kafka.metrics_failed") && $0[0].contains("no thread") })
        #expect(lines.all.withLock { $0[1].contains("kafka.metrics_recovered") })
    }
}
