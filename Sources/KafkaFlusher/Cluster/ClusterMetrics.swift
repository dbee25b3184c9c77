internal import Dispatch
internal import LogPipeline
internal import Synchronization
internal import Telemetry

/// Collects the cluster's side in the background, on a thread and with a client of its own, and has the last of it ready.
final class ClusterMetrics: Sendable {
    typealias Make = @Sendable (ClusterCollector.Plan) throws(FlusherError) -> ClusterCollector

    private let plan: ClusterCollector.Plan
    private let make: Make
    /// How long to wait before a client that could not be made is tried again.
    private let backoff: Backoff
    private let news: ClusterNews
    private let board: Mutex<ClusterBoard>
    private let stopped = Atomic<Bool>(false)
    private let bell = DispatchSemaphore(value: 0)

    init(
        _ plan: ClusterCollector.Plan,
        logger: Logger,
        backoff: Backoff = Backoff(initial: 2_000, maximum: 60_000),
        make: @escaping Make = { plan throws(FlusherError) in try ClusterCollector(plan) }
    ) {
        self.plan = plan
        self.backoff = backoff
        self.make = make
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

    /// From memory: what was written when it was collected. For any thread.
    ///
    /// A format that nobody has asked for lately is written here, once.
    func text(_ format: MetricsFormat) -> String {
        let (about, page) = board.withLock { $0.read(format, now: Instant.now()) }
        let lines = format.lines(about)
        guard let page else { return lines }
        if let text = page[format] { return lines + text }
        let text = page.written(in: format)
        board.withLock { $0.keep(text, format, collectedAt: page.collectedAt) }
        return lines + text
    }

    private var isStopped: Bool { stopped.load(ordering: .acquiring) }

    private func run() {
        var backoff = backoff
        while !isStopped {
            do throws(FlusherError) {
                var collector = try make(plan)
                news.begun()
                while !isStopped { collect(&collector) }
            } catch {
                news.failed(error)
                wait(until: Instant.now() + backoff.next(random: .random(in: 0 ... .max)))
            }
        }
    }

    private func collect(_ collector: inout ClusterCollector) {
        let wallClock = WallClock.now()
        let collection = collector.collect { isStopped }
        guard !isStopped else { return }
        let formats = board.withLock { $0.formats(now: Instant.now()) }
        // Outside of the lock, which a scrape would wait for.
        let page = collection.picture.map { ClusterPage($0, collectedAt: collection.start, in: formats) }
        news.tell(collection)
        board.withLock { $0.show(collection, page, wallClock: wallClock) }
        wait(until: collection.start + UInt64(plan.metrics.periodMilliseconds) * 1_000_000)
    }

    private func wait(until due: UInt64) {
        let now = Instant.now()
        guard due > now else { return }
        _ = bell.wait(timeout: .now() + .nanoseconds(Int(due - now)))
    }
}
