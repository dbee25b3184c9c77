import LogPipeline
import Reactor
import Telemetry

/// What the admin pages are made of.
struct AdminContext: Sendable {
    let loops: [LoopHandle]
    let shared: SharedState
    let version: String
    let process = ProcessMetrics()
    let reload: (@Sendable (_ isTrial: Bool) async -> (status: Int, text: String))?
    let reloadStatus: @Sendable () -> ReloadStatus?
    /// How long who asks for a reload waits for what comes of it, nanoseconds.
    var reloadPatience = ReloadPage.patience
    /// Where it listens.
    let address: ListenAddress?
    let flusherCounters: @Sendable () -> FlusherCounters
    let moreMetrics: @Sendable () -> [MetricFamily]
    let writtenMetrics: @Sendable (MetricsFormat) -> String
    private let flusher: any Flusher
    private let buildInfo: KeyValuePairs<String, String>

    init(loops: [LoopHandle], shared: SharedState, plan: Gateway.Plan, address: ListenAddress? = nil) {
        self.loops = loops
        self.shared = shared
        self.address = address
        version = plan.buildInfo.first { $0.key == "version" }?.value ?? ""
        reload = plan.reload
        let reloadStatus = plan.reloadStatus
        self.reloadStatus = { reloadStatus?() }
        flusherCounters = plan.flusherCounters
        moreMetrics = plan.moreMetrics
        writtenMetrics = plan.writtenMetrics
        flusher = plan.flusher
        buildInfo = plan.buildInfo
    }

    func readiness(_ topics: [TopicState]) -> Readiness {
        let readiness = Readiness(isDraining: shared.isDraining, hasStarted: shared.hasStarted, topics: topics)
        if !readiness.isStarting { shared.noteStarted() }
        return readiness
    }

    /// By the names of now.
    var metrics: MetricsPage {
        let names = shared.names.now
        return MetricsPage(routes: names.routes.map(\.path), topics: names.topics, buildInfo: buildInfo)
    }

    /// Every route that there has been, in the order of the counters.
    var routes: [LogRoute] { shared.names.now.routes }

    /// The topics that a route writes to, with their health now; and those that none does any more, as long as there
    /// are connections from before that may, or logs of theirs in flight.
    func topics() -> [TopicState] {
        let names = shared.names.now
        return names.known.filter { $0.isCurrent || shared.use.isUsed($0.topic) }.map { topic in
            TopicState(
                index: topic.label,
                name: names.topics[topic.label],
                health: flusher.health(of: topic.topic),
                isCurrent: topic.isCurrent
            )
        }
    }
}
