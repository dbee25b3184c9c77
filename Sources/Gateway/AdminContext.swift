import LogPipeline
import Telemetry

/// What the admin pages are made of.
struct AdminContext: Sendable {
    let loops: [LoopHandle]
    let shared: SharedState
    let metrics: MetricsPage
    /// The topics that a route writes to, with their health now.
    let health: @Sendable () -> [(name: String, health: TopicHealth)]
    let flusherCounters: @Sendable () -> FlusherCounters
    let moreMetrics: @Sendable () -> [MetricFamily]

    init(loops: [LoopHandle], shared: SharedState, plan: Gateway.Plan) {
        self.loops = loops
        self.shared = shared
        let routes = plan.configuration.routes
        metrics = MetricsPage(routes: routes.map(\.path), topics: plan.topics, buildInfo: plan.buildInfo)
        let used = Set(routes.compactMap { $0.topic?.rawValue }).sorted().map { (index: $0, name: plan.topics[$0]) }
        let flusher = plan.flusher
        health = { used.map { ($0.name, flusher.health(of: TopicIndex(rawValue: $0.index))) } }
        flusherCounters = plan.flusherCounters
        moreMetrics = plan.moreMetrics
    }
}
