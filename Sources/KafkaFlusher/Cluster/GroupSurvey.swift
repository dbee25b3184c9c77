/// Decides what to ask about consumer groups, and collects the answers. Knows no clock and asks nobody.
///
/// Each broker names the groups that it coordinates, and is then asked about them itself: so nobody has to look for a
/// coordinator, and a broker that does not answer costs its own groups alone.
struct GroupSurvey {
    enum Question: Hashable, Sendable {
        /// Which groups this broker coordinates.
        case list(broker: Int32)
        case offsets(group: String, broker: Int32)
        case members(group: String, broker: Int32)

        var isList: Bool { if case .list = self { true } else { false } }
    }

    enum Answer: Sendable {
        case listed([String])
        case offsets([String: CommittedOffsets])
        /// - Parameter count: nil where the broker has no word for what this group is.
        case members(count: Int?, assigned: Set<String>)
        case failed(ClusterError)
    }

    /// Questions under way at a time: enough to keep brokers busy, few enough not to be noticed by them.
    private static let limit = 32

    private var lists: [Question]
    private var details: [Question] = []
    private var asked: Set<Question> = []
    private var found: [String: ClusterPicture.Group] = [:]
    private var unsupported = 0
    private let brokers: Int
    private var fault: ClusterError?

    init(brokers: [Int32]) {
        lists = brokers.map { .list(broker: $0) }
        self.brokers = brokers.count
    }

    var isDone: Bool { lists.isEmpty && details.isEmpty && asked.isEmpty }

    /// Whether a broker has still to name its groups.
    var isListing: Bool { !lists.isEmpty || asked.contains(where: \.isList) }

    /// Any of the groups that were found, nil where there is none.
    var anyGroup: String? { found.keys.min() }

    /// The next question to ask now; nil where answers have to come first, or nothing is left. About groups nothing is
    /// asked before every broker has named its own, or has been given up.
    mutating func next() -> Question? {
        guard asked.count < Self.limit, let question = lists.popLast() ?? (isListing ? nil : details.popLast())
        else { return nil }
        asked.insert(question)
        return question
    }

    /// - Parameter isWanted: which groups matter.
    mutating func answered(_ question: Question, _ answer: Answer, isWanted: (String) -> Bool) {
        guard asked.remove(question) != nil else { return }
        switch (question, answer) {
        case (.list(let broker), .listed(let names)):
            // The library takes an empty name for none: a client in its name would have no group.
            for name in names where !name.isEmpty && found[name] == nil && isWanted(name) {
                found[name] = ClusterPicture.Group(name: name)
                details += [.offsets(group: name, broker: broker), .members(group: name, broker: broker)]
            }
        case (.offsets(let group, _), .offsets(let offsets)):
            found[group]?.committed = offsets
            if offsets.values.contains(where: { !$0.isComplete }) { fault = fault ?? .badMessage }
        case (.members(let group, _), .members(let count, let assigned)):
            found[group]?.members = count
            found[group]?.assigned = assigned
        case (.list, .failed(let error)) where error.isUnsupported: unsupported += 1
        case (.offsets(let group, _), .failed(let error)) where error.isUnknownGroup,
            (.members(let group, _), .failed(let error)) where error.isUnknownGroup:
            found[group] = nil
        case (_, .failed(let error)): fault = fault ?? error
        default: fault = fault ?? .badMessage
        }
    }

    /// Brokers that have not named their groups by now will not.
    mutating func endListing() {
        if isListing { fault = fault ?? .timedOut }
        lists = []
        asked = asked.filter { !$0.isList }
    }

    /// No more answers will come.
    ///
    /// - Parameter error: why, where some were still to come.
    mutating func end(_ error: ClusterError = .timedOut) {
        if !isDone { fault = fault ?? error }
        lists = []
        details = []
        asked = []
    }

    var result: ClusterPart.Result {
        if let fault { return .failed(fault) }
        return unsupported == brokers && brokers > 0 ? .notOffered : .complete
    }

    /// By name; with what has to do with these topics, and without groups that have nothing to do with them.
    func groups(reading topics: Set<String>) -> [ClusterPicture.Group] {
        found.values.sorted { $0.name < $1.name }.compactMap { group in
            var group = group
            group.committed = group.committed?.filter { topics.contains($0.key) }
            group.assigned.formIntersection(topics)
            let reads = group.committed?.values.contains { !$0.offsets.isEmpty } ?? false
            return reads || !group.assigned.isEmpty ? group : nil
        }
    }
}
