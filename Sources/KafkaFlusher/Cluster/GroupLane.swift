/// The groups that one broker is asked about, in turn.
struct GroupLane {
    let broker: Int32
    /// The group to begin with; after `end` that for the next time, nil where all were come to.
    private(set) var first: String?
    private var names: [String] = []
    /// Questions asked: two for each group.
    private var position = 0
    private var underWay = 0

    init(broker: Int32, first: String?) {
        self.broker = broker
        self.first = first
    }

    /// Whether there is nothing left to ask.
    var isEmpty: Bool { position >= 2 * names.count }

    mutating func add(_ name: String) { names.append(name) }

    /// Puts the groups in order: by name, beginning with `first` or what follows where that has gone.
    mutating func begin(_ isWanted: (String) -> Bool) {
        names = names.filter(isWanted).sorted()
        guard let first, let start = names.firstIndex(where: { $0 >= first }) else { return }
        names = Array(names[start...] + names[..<start])
    }

    /// - Parameter share: questions under way at a time.
    mutating func next(atMost share: Int) -> GroupSurvey.Question? {
        guard underWay < share, !isEmpty else { return nil }
        let name = names[position / 2]
        defer {
            position += 1
            underWay += 1
        }
        return position % 2 == 0 ? .offsets(group: name, broker: broker) : .members(group: name, broker: broker)
    }

    mutating func answered() { underWay -= 1 }

    /// - Parameter waiting: questions to which there is no answer.
    /// - Returns: groups that were not asked about, or not answered for.
    mutating func end(waiting: Set<GroupSurvey.Question>) -> [String] {
        let unanswered = names.enumerated().filter { index, name in
            2 * index + 2 > position || waiting.contains(.offsets(group: name, broker: broker))
                || waiting.contains(.members(group: name, broker: broker))
        }
        first = unanswered.first?.element
        position = 2 * names.count
        underWay = 0
        return unanswered.map(\.element)
    }
}
