/// Chooses names: those of a list, and those in which a pattern is found.
struct NameFilter {
    /// Answers remembered at most; a cluster has fewer names than that, unless somebody makes new ones all the time.
    private static let memory = 50_000

    private let names: Set<String>
    private let patterns: [Regex<AnyRegexOutput>]
    private var known: [String: Bool] = [:]

    /// - Parameter patterns: regular expressions; those that do not compile are left out.
    init(names: [String] = [], patterns: [String]) {
        self.names = Set(names)
        self.patterns = patterns.compactMap { try? Regex($0) }
    }

    var hasPatterns: Bool { !patterns.isEmpty }

    mutating func takes(_ name: String) -> Bool {
        if let answer = known[name] { return answer }
        let answer = names.contains(name) || patterns.contains { (try? $0.firstMatch(in: name)) != nil }
        if known.count >= Self.memory { known = [:] }
        known[name] = answer
        return answer
    }
}
