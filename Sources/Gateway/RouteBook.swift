/// Every route that there has been since the start, in each form that it had.
///
/// A connection keeps the form by which it came in, so nothing is ever taken out: the index of a version means the same
/// for as long as the process lives. Counts of all versions of a path are one.
struct RouteBook: Sendable {
    /// So many are kept; beyond that a restart is due.
    static let most = 8_192

    /// There have been too many.
    struct Full: Error, Equatable {}

    /// In their order of appearance.
    private(set) var versions: [LogRoute]
    /// By version: which of `paths` it has.
    private(set) var labels: [Int]
    private(set) var paths: [String]
    /// The versions that new requests find, in the order of the settings.
    private(set) var current: [Int]

    init(_ routes: [LogRoute]) {
        versions = routes
        paths = routes.map(\.path)
        labels = Array(routes.indices)
        current = Array(routes.indices)
    }

    /// These are the routes from now on. One that is as it was before, be it some versions ago, is that version again.
    mutating func adopt(_ routes: [LogRoute]) throws(Full) {
        var changed = self
        changed.current = []
        for route in routes { changed.current.append(changed.version(of: route)) }
        guard changed.versions.count <= Self.most else { throw Full() }
        self = changed
    }

    /// Of every path the version of now, or the last one that there was.
    var latest: [LogRoute] {
        var latest = paths.map { _ in 0 }
        for (version, label) in labels.enumerated() { latest[label] = version }
        for version in current { latest[labels[version]] = version }
        return latest.map { versions[$0] }
    }

    private mutating func version(of route: LogRoute) -> Int {
        if let known = versions.firstIndex(of: route) { return known }
        versions.append(route)
        if let label = paths.firstIndex(of: route.path) {
            labels.append(label)
        } else {
            labels.append(paths.count)
            paths.append(route.path)
        }
        return versions.count - 1
    }
}
