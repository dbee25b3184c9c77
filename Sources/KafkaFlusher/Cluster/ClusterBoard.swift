internal import Telemetry

/// What `/metrics` shows of the cluster, and for how long.
struct ClusterBoard: Sendable {
    /// Values older than this are not shown any more, nanoseconds.
    private let shelfLife: UInt64
    /// A format is written for each collection until nobody has asked for it for so long, nanoseconds.
    private let memory: UInt64
    private var page: ClusterPage?
    /// When each format was asked for last, monotonic nanoseconds.
    private var askedFor: [MetricsFormat: UInt64] = [:]
    private var results: [ClusterPart: ClusterPart.Result] = [:]
    private var missing: [ClusterPart: ClusterMissing] = [:]
    private var leftOut = ClusterLeftOut()
    /// When the collection of what was shown last began, nanoseconds since 1970.
    private var timestamp: Int64 = 0
    private var duration: UInt64 = 0

    /// - Parameter period: of the collections, nanoseconds.
    init(period: UInt64) {
        shelfLife = 2 * period
        memory = max(20 * period, 600_000_000_000)
    }

    /// In which formats a collection is to be written at once.
    func formats(now: UInt64) -> [MetricsFormat] { askedFor.filter { now < $0.value + memory }.map(\.key) }

    /// - Parameters:
    ///   - page: of the collection's picture.
    ///   - wallClock: when the collection began, nanoseconds since 1970.
    mutating func show(_ collection: ClusterCollection, _ page: ClusterPage?, wallClock: Int64) {
        results = collection.results
        missing = collection.missing
        duration = collection.end - collection.start
        guard let page else { return }
        self.page = page
        leftOut = collection.leftOut
        timestamp = wallClock
    }

    /// What there is to say now: about the collections, and the page where it is fresh.
    mutating func read(_ format: MetricsFormat, now: UInt64) -> (about: [MetricFamily], page: ClusterPage?) {
        askedFor[format] = now
        // A picture of long ago is not worth its memory.
        if let page, now >= page.collectedAt + shelfLife { self.page = nil }
        return (about(isFresh: page != nil), page)
    }

    /// Keeps what was written of a page, if it is still the one shown.
    mutating func keep(_ text: String, _ format: MetricsFormat, collectedAt: UInt64) {
        guard page?.collectedAt == collectedAt else { return }
        page?[format] = text
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
            "sluice_kafka_metrics_unanswered",
            .gauge,
            help: "Topics (metadata), partitions (offsets) and groups that the last collection asked about in vain."
        )
        for part in ClusterPart.allCases where results[part] != .notOffered {
            page.sample(missing[part]?.count ?? 0, labels: ["part": part.rawValue])
        }
        page.begin(
            "sluice_kafka_metrics_left_out",
            .gauge,
            help: "What of the cluster is not shown, for it would be more series than kafka_metrics.max_series."
        )
        for (what, count) in leftOut.all { page.sample(count, labels: ["what": what]) }
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
