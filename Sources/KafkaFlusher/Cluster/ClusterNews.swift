internal import Synchronization
internal import Telemetry

/// Says what a collection lacks: once when it begins, once when it is over, and at most so often where it comes and goes.
final class ClusterNews: Sendable {
    private let logger: RateLimitedLogger
    private let missing = Mutex<[ClusterPart: ClusterError]>([:])

    init(_ logger: Logger) { self.logger = RateLimitedLogger(logger, interval: .seconds(600)) }

    func tell(_ collection: ClusterCollection) {
        for part in ClusterPart.allCases {
            guard let result = collection.results[part] else { continue }
            switch result {
            case .complete, .notOffered:
                guard missing.withLock({ $0.removeValue(forKey: part) }) != nil else { continue }
                logger.log(.info, "kafka.metrics_complete", about: part.rawValue, ["part": part.rawValue])
            case .failed(let error):
                guard missing.withLock({ $0.updateValue(error, forKey: part) }) != error else { continue }
                logger.log(
                    .warning,
                    "kafka.metrics_incomplete",
                    about: "\(part.rawValue) \(error.code)",
                    ["part": part.rawValue, "detail": error.detail]
                )
            }
        }
    }
}
