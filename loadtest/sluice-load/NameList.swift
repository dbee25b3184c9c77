/// Every log that something has happened to, up to a bound beyond which they are only counted.
struct NameList {
    private static let limit = 1_000_000

    private var kept: [LogName] = []
    private(set) var count = 0

    mutating func append(_ name: LogName) {
        count += 1
        if kept.count < Self.limit { kept.append(name) }
    }

    /// Those that a condition holds for; what is beyond the bound counts as if it did.
    func names(where holds: (LogName) -> Bool) -> LogNames {
        var names = LogNames()
        for name in kept where holds(name) { names.append(name) }
        names.addUnnamed(count - kept.count)
        return names
    }
}
