internal import LogPipeline
internal import Synchronization
internal import Telemetry

/// Says what a collection lacks: once when it begins, once when it is over, and at most so often where it comes and goes.
final class ClusterNews: Sendable {
    private struct State {
        var missing: [ClusterPart: ClusterError] = [:]
        var isLeavingOut = false
        var hasFailed = false
    }

    private let logger: RateLimitedLogger
    private let state = Mutex(State())

    init(_ logger: Logger) { self.logger = RateLimitedLogger(logger, interval: .seconds(600)) }

    /// There is no client to ask with; it will be tried again.
    func failed(_ error: FlusherError) {
        state.withLock { $0.hasFailed = true }
        let detail = "\(error); it is tried again"
        logger.log(.error, "kafka.metrics_failed", about: error.description, ["detail": detail])
    }

    /// There is one.
    func begun() {
        let hadFailed = state.withLock { state in
            defer { state.hasFailed = false }
            return state.hasFailed
        }
        if hadFailed { logger.log(.info, "kafka.metrics_recovered") }
    }

    func tell(_ collection: ClusterCollection) {
        for part in ClusterPart.allCases {
            guard let result = collection.results[part] else { continue }
            tell(part, result, collection.missing[part] ?? ClusterMissing())
        }
        if collection.picture != nil { tell(collection.leftOut) }
    }

    private func tell(_ part: ClusterPart, _ result: ClusterPart.Result, _ missing: ClusterMissing) {
        switch result {
        case .complete, .notOffered:
            guard state.withLock({ $0.missing.removeValue(forKey: part) }) != nil else { return }
            logger.log(.info, "kafka.metrics_complete", about: part.rawValue, ["part": part.rawValue])
        case .failed(let error):
            guard state.withLock({ $0.missing.updateValue(error, forKey: part) }) != error else { return }
            let about = "\(part.rawValue) \(error.code)"
            guard let example = missing.example else {
                let fields: KeyValuePairs = ["part": part.rawValue, "detail": error.detail]
                return logger.log(.warning, "kafka.metrics_incomplete", about: about, fields)
            }
            logger.log(
                .warning,
                "kafka.metrics_incomplete",
                about: about,
                [
                    "part": part.rawValue, "detail": error.detail, "missing": String(missing.count),
                    "such_as": example,
                ]
            )
        }
    }

    private func tell(_ leftOut: ClusterLeftOut) {
        let isLeavingOut = leftOut != ClusterLeftOut()
        let wasLeavingOut = state.withLock { state in
            defer { state.isLeavingOut = isLeavingOut }
            return state.isLeavingOut
        }
        guard isLeavingOut, !wasLeavingOut else { return }
        logger.log(
            .warning,
            "kafka.metrics_left_out",
            [
                "topics": String(leftOut.topics), "groups": String(leftOut.groups),
                "group_partitions": String(leftOut.groupPartitions),
                "detail": "more series than kafka_metrics.max_series; kafka_metrics.groups can choose",
            ]
        )
    }
}
