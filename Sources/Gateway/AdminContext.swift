import LogPipeline
import Telemetry

/// What the admin pages are made of.
struct AdminContext: Sendable {
    let loops: [LoopHandle]
    let shared: SharedState
    let metrics: MetricsPage
    let routes: [LogRoute]
    let version: String
    let process = ProcessMetrics()
    /// The topics that a route writes to, with their health now.
    let topics: @Sendable () -> [TopicState]
    let flusherCounters: @Sendable () -> FlusherCounters
    let moreMetrics: @Sendable () -> [MetricFamily]

    var readiness: Readiness { Readiness(isDraining: shared.isDraining, topics: topics()) }

    init(loops: [LoopHandle], shared: SharedState, plan: Gateway.Plan) {
        self.loops = loops
        self.shared = shared
        routes = plan.configuration.routes
        version = plan.buildInfo.first { $0.key == "version" }?.value ?? ""
        metrics = MetricsPage(routes: routes.map(\.path), topics: plan.topics, buildInfo: plan.buildInfo)
        let used = Set(routes.compactMap { $0.topic?.rawValue }).sorted().map { (index: $0, name: plan.topics[$0]) }
        let flusher = plan.flusher
        topics = {
            used.map { index, name in
                TopicState(index: index, name: name, health: flusher.health(of: TopicIndex(rawValue: index)))
            }
        }
        flusherCounters = plan.flusherCounters
        moreMetrics = plan.moreMetrics
    }
}
