internal import Telemetry

/// What `/metrics` shows of the cluster, and for how long.
struct ClusterBoard: Sendable {
    /// Values older than this are not shown any more, nanoseconds.
    private let shelfLife: UInt64
    private var families: [MetricFamily] = []
    private var results: [ClusterPart: ClusterPart.Result] = [:]
    /// When the collection of what is shown began, monotonic nanoseconds.
    private var collectedAt: UInt64 = 0
    /// The same as nanoseconds since 1970.
    private var timestamp: Int64 = 0
    private var duration: UInt64 = 0

    /// - Parameter period: of the collections, nanoseconds.
    init(period: UInt64) { shelfLife = 2 * period }

    /// - Parameter wallClock: when the collection began, nanoseconds since 1970.
    mutating func show(_ collection: ClusterCollection, wallClock: Int64) {
        results = collection.results
        duration = collection.end - collection.start
        guard let picture = collection.picture else { return }
        families = ClusterFamilies.families(of: picture)
        collectedAt = collection.start
        timestamp = wallClock
    }

    func families(now: UInt64) -> [MetricFamily] {
        let isFresh = now < collectedAt + shelfLife
        return about(isFresh: isFresh) + (isFresh ? families : [])
    }

    /// - Parameter isFresh: whether values are shown. Without any, nothing is said to have worked.
    private func about(isFresh: Bool) -> [MetricFamily] {
        var page = MetricFamilies()
        page.begin(
            "sluice_kafka_metrics_success",
            .gauge,
            help: "1 if the last collection got all that it asked the cluster for, by part."
        )
        for part in ClusterPart.allCases {
            switch results[part] {
            case .complete: page.sample(isFresh ? 1 : 0, labels: ["part": part.rawValue])
            case .notOffered: break
            case .failed, nil: page.sample(0, labels: ["part": part.rawValue])
            }
        }
        page.begin(
            "sluice_kafka_metrics_timestamp_seconds",
            .gauge,
            help:
                "When the values of the cluster that were shown last were collected, seconds since 1970; 0 before that."
        )
        page.sample(Double(timestamp) / 1e9)
        page.begin("sluice_kafka_metrics_duration_seconds", .gauge, help: "How long the last collection took.")
        page.sample(Double(duration) / 1e9)
        return page.all
    }
}
