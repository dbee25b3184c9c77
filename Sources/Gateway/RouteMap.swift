/// Finds the route that a request's path means.
struct RouteMap {
    struct Match: Equatable {
        /// The version of it.
        let route: Int
        /// Which one of the settings it is.
        let place: Int
        /// What stands for TOKEN in `/t/TOKEN/…`, as it stands. A secret.
        var pathToken: String?
    }

    private let routes: [String: (version: Int, place: Int)]

    /// - Parameter current: which versions there are now, in the order of the settings.
    init(_ versions: [LogRoute], _ current: [Int]) {
        let entries = current.enumerated().map { (versions[$1].path, (version: $1, place: $0)) }
        routes = Dictionary(entries) { first, _ in first }
    }

    /// `/t/TOKEN/logs` is the route `/logs`, unless a route is called so itself.
    func find(_ path: String) -> Match? {
        if let route = routes[path] { return Match(route: route.version, place: route.place) }
        guard let (token, rest) = Self.parts(path), let route = routes[rest] else { return nil }
        return Match(route: route.version, place: route.place, pathToken: String(token))
    }

    /// Says that there is no such route, and which there are; no token is repeated.
    func absence(of path: String) -> String {
        let rest = Self.parts(path)?.rest ?? (path.hasPrefix("/t/") ? "/t/" : path)
        let printable = rest.unicodeScalars.prefix(100).filter { $0.value > 0x20 && $0.value < 0x7F }
        let known = routes.keys.sorted().joined(separator: ", ")
        return "No route \(String(String.UnicodeScalarView(printable))). The routes are: \(known)."
    }

    private static func parts(_ path: String) -> (token: Substring, rest: String)? {
        guard path.hasPrefix("/t/") else { return nil }
        let behind = path.dropFirst(3)
        guard let slash = behind.firstIndex(of: "/"), slash > behind.startIndex else { return nil }
        return (behind[..<slash], String(behind[slash...]))
    }
}
