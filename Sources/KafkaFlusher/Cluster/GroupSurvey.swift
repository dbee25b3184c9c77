/// Decides what to ask about consumer groups, and collects the answers. Knows no clock and asks nobody.
///
/// Each broker names the groups that it coordinates, and is then asked about them itself: so nobody has to look for a
/// coordinator, and a broker that does not answer costs its own groups alone. Each has its share of the questions under
/// way, and where there is no time for all of its groups the next survey begins where this one ended.
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

    /// Groups that one survey asks about.
    static let most = 10_000
    /// Committed offsets that one survey keeps in all, of 20 to 40 bytes each.
    static let mostOffsets = 2_000_000
    /// Questions under way at a time, in about: enough to keep brokers busy, few enough not to be noticed by them.
    private static let limit = 32

    private let topics: Set<String>
    private let share: Int
    private var lists: [Int32]
    private var lanes: [GroupLane]
    /// The lane that is looked at next.
    private var turn = 0
    private var hasBegun = false
    private var asked: Set<Question> = []
    private var found: [String: ClusterPicture.Group] = [:]
    /// Groups of which an answer is missing.
    private var unanswered: Set<String> = []
    private var unsupported = 0
    private var fault: ClusterError?
    /// Groups that were not asked about, or of which nothing was kept, for there are too many.
    private(set) var leftOut = 0
    private var offsets = 0

    /// - Parameters:
    ///   - topics: what groups commit of others is not looked at.
    ///   - beginnings: `beginnings` of the survey before.
    init(brokers: [Int32], reading topics: Set<String>, beginnings: [Int32: String] = [:]) {
        self.topics = topics
        share = max(2, Self.limit / max(1, brokers.count))
        lists = brokers
        lanes = brokers.map { GroupLane(broker: $0, first: beginnings[$0]) }
    }

    var isDone: Bool { lists.isEmpty && asked.isEmpty && lanes.allSatisfy(\.isEmpty) }

    /// Whether a broker has still to name its groups.
    var isListing: Bool { !lists.isEmpty || asked.contains(where: \.isList) }

    /// Any of the groups that were found, nil where there is none.
    var anyGroup: String? { found.keys.min() }

    /// The next question to ask now; nil where answers have to come first, or nothing is left. About groups nothing is
    /// asked before every broker has named its own, or has been given up.
    mutating func next() -> Question? {
        if let broker = lists.popLast() { return ask(.list(broker: broker)) }
        guard !isListing, !lanes.isEmpty else { return nil }
        begin()
        for step in lanes.indices {
            let index = (turn + step) % lanes.count
            guard let question = lanes[index].next(atMost: share) else { continue }
            turn = (index + 1) % lanes.count
            return ask(question)
        }
        return nil
    }

    private mutating func ask(_ question: Question) -> Question {
        asked.insert(question)
        return question
    }

    /// Once all have named their groups.
    private mutating func begin() {
        guard !hasBegun else { return }
        hasBegun = true
        if found.count > Self.most {
            leftOut = found.count - Self.most
            for name in found.keys.sorted().dropFirst(Self.most) { found[name] = nil }
        }
        for index in lanes.indices { lanes[index].begin { found[$0] != nil } }
    }

    /// - Parameter isWanted: which groups matter.
    mutating func answered(_ question: Question, _ answer: Answer, isWanted: (String) -> Bool) {
        guard asked.remove(question) != nil else { return }
        switch question {
        case .list(let broker): listed(by: broker, answer, isWanted)
        case .offsets(let group, let broker), .members(let group, let broker):
            if let lane = lanes.firstIndex(where: { $0.broker == broker }) { lanes[lane].answered() }
            told(of: group, answer)
        }
    }

    private mutating func listed(by broker: Int32, _ answer: Answer, _ isWanted: (String) -> Bool) {
        switch answer {
        case .listed(let names):
            guard let lane = lanes.firstIndex(where: { $0.broker == broker }) else { return }
            // The library takes an empty name for none: a client in its name would have no group.
            for name in names where !name.isEmpty && found[name] == nil && isWanted(name) {
                found[name] = ClusterPicture.Group(name: name)
                lanes[lane].add(name)
            }
        case .failed(let error) where error.isUnsupported: unsupported += 1
        case .failed(let error): fault = fault ?? error
        default: fault = fault ?? .badMessage
        }
    }

    private mutating func told(of group: String, _ answer: Answer) {
        switch answer {
        case .offsets(let offsets):
            let ours = offsets.filter { topics.contains($0.key) }
            let count = ours.reduce(0) { $0 + $1.value.offsets.count }
            guard self.offsets + count <= Self.mostOffsets else {
                if found.removeValue(forKey: group) != nil { leftOut += 1 }
                unanswered.remove(group)
                return
            }
            self.offsets += count
            found[group]?.committed = ours
            if ours.values.contains(where: { !$0.isComplete }) { lack(group, .badMessage) }
        case .members(let count, let assigned):
            found[group]?.members = count
            found[group]?.assigned = assigned.intersection(topics)
        case .failed(let error) where error.isUnknownGroup:
            found[group] = nil
            unanswered.remove(group)
        case .failed(let error): lack(group, error)
        case .listed: lack(group, .badMessage)
        }
    }

    private mutating func lack(_ group: String, _ error: ClusterError) {
        // It may have gone since.
        guard found[group] != nil else { return }
        fault = fault ?? error
        unanswered.insert(group)
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
        begin()
        let waiting = asked
        asked = []
        lists = []
        for index in lanes.indices {
            for name in lanes[index].end(waiting: waiting) where found[name] != nil { unanswered.insert(name) }
        }
    }

    /// Where the next survey begins with each broker's groups, where this one has not come to all. After `end`.
    var beginnings: [Int32: String] {
        Dictionary(lanes.compactMap { lane in lane.first.map { (lane.broker, $0) } }) { first, _ in first }
    }

    /// Groups of which something is missing.
    var missing: ClusterMissing { ClusterMissing(unanswered) }

    var result: ClusterPart.Result {
        if let fault { return .failed(fault) }
        return unsupported == lanes.count && !lanes.isEmpty ? .notOffered : .complete
    }

    /// By name; with what has to do with the topics, and without groups that have nothing to do with them.
    var groups: [ClusterPicture.Group] {
        found.values.sorted { $0.name < $1.name }.compactMap { $0.reading(topics) }
    }
}
