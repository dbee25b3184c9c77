/// In which order leaders are asked, and where in the list of its partitions each begins, so that nobody is always last.
struct LeaderTurns {
    /// Leaders that did not answer the last time: asked last, so that they hold up nobody.
    private var late: Set<Int32> = []
    /// Leaders that the last collection had no time for: asked first.
    private var unreached: Set<Int32> = []
    private var beginnings: [Int32: PartitionID] = [:]

    /// The leaders of now in turn. What is known of others is forgotten.
    mutating func order(_ leaders: some Collection<Int32>) -> [Int32] {
        let now = Set(leaders)
        late.formIntersection(now)
        unreached.formIntersection(now)
        beginnings = beginnings.filter { now.contains($0.key) }
        return leaders.sorted { (rank($0), $0) < (rank($1), $1) }
    }

    private func rank(_ leader: Int32) -> Int { late.contains(leader) ? 2 : unreached.contains(leader) ? 0 : 1 }

    /// - Parameter partitions: that this leader has.
    func questions(to leader: Int32, about partitions: [PartitionID]) -> PartitionQuestions {
        PartitionQuestions(partitions, beginningWith: beginnings[leader])
    }

    /// - Parameter wasAsked: whether there was time for a question to it.
    mutating func ended(_ questions: PartitionQuestions, of leader: Int32, wasAsked: Bool) {
        beginnings[leader] = questions.unreached
        // One that did not answer stays late until it does.
        guard wasAsked else {
            if !late.contains(leader) { unreached.insert(leader) }
            return
        }
        unreached.remove(leader)
        if questions.isLate { late.insert(leader) } else { late.remove(leader) }
    }
}
