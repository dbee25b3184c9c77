import Reactor

/// What changes for a loop when the settings are read again.
struct LoopUpdate: Sendable {
    /// Its routes are the versions of `routes`.
    let configuration: GatewayConfiguration
    let routes: RouteBook
    /// By topic index; -1 for one without logs.
    let topicLabels: [Int]
    /// By listener; nil leaves it as it is.
    let securities: [TLSContext?]
}
