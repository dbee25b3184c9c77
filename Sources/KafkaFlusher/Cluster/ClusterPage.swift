internal import Telemetry

/// What `/metrics` shows of one picture, written once for each format that somebody asks for.
struct ClusterPage: Sendable {
    let picture: ClusterPicture
    /// When its collection began, monotonic nanoseconds.
    let collectedAt: UInt64
    private var texts: [MetricsFormat: String] = [:]

    /// - Parameter formats: to be written at once.
    init(_ picture: ClusterPicture, collectedAt: UInt64, in formats: some Collection<MetricsFormat>) {
        self.picture = picture
        self.collectedAt = collectedAt
        guard !formats.isEmpty else { return }
        let families = ClusterFamilies.families(of: picture)
        for format in formats { texts[format] = format.lines(families) }
    }

    /// Nil where it has not been written in this format.
    subscript(format: MetricsFormat) -> String? {
        get { texts[format] }
        set { texts[format] = newValue }
    }

    func written(in format: MetricsFormat) -> String {
        texts[format] ?? format.lines(ClusterFamilies.families(of: picture))
    }
}
