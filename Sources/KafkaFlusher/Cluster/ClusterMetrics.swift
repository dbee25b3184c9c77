internal import Dispatch
internal import LogPipeline
internal import Synchronization
internal import Telemetry

/// Collects the cluster's side in the background, on a thread and with a client of its own, and has the last of it ready.
final class ClusterMetrics: Sendable {
    private let plan: ClusterCollector.Plan
    private let news: ClusterNews
    private let board: Mutex<ClusterBoard>
    private let stopped = Atomic<Bool>(false)
    private let bell = DispatchSemaphore(value: 0)
    private let logger: Logger

    init(_ plan: ClusterCollector.Plan, logger: Logger) {
        self.plan = plan
        self.logger = logger
        news = ClusterNews(logger)
        board = Mutex(ClusterBoard(period: UInt64(plan.metrics.periodMilliseconds) * 1_000_000))
    }

    func start() {
        KafkaThread.start(name: "kafka-metrics") { [self] in run() }
    }

    /// Lets the thread end, which takes as long as the question that it is waiting for. What was collected is shown
    /// for as long as it would have been.
    func stop() {
        stopped.store(true, ordering: .releasing)
        bell.signal()
    }

    /// From memory. For any thread.
    func families() -> [MetricFamily] { board.withLock { $0.families(now: Instant.now()) } }

    private func run() {
        let isStopped = { [self] in stopped.load(ordering: .acquiring) }
        do throws(FlusherError) {
            var collector = try ClusterCollector(plan)
            while !isStopped() {
                let wallClock = WallClock.now()
                let collection = collector.collect(isStopped: isStopped)
                guard !isStopped() else { return }
                board.withLock { $0.show(collection, wallClock: wallClock) }
                news.tell(collection)
                wait(until: collection.start + UInt64(plan.metrics.periodMilliseconds) * 1_000_000)
            }
        } catch {
            logger.error("kafka.metrics_failed", ["detail": error.description])
        }
    }

    private func wait(until due: UInt64) {
        let now = Instant.now()
        guard due > now else { return }
        _ = bell.wait(timeout: .now() + .nanoseconds(Int(due - now)))
    }
}
