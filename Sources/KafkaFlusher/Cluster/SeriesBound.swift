/// Leaves out of a picture what would make more than so many series.
///
/// What matters most comes first: brokers, then topics (those that Sluice writes before the others, and no more than half
/// of all series), then every group's sums and members, then the partitions of groups. Within each by name, so that what is
/// left out is the same from one collection to the next.
struct SeriesBound {
    /// Each partition of a topic has so many.
    private static let perPartition = 7
    /// Offset and lag: of each partition of a group, and as sums of each of its topics.
    private static let perLag = 2

    private var left: Int
    private(set) var leftOut = ClusterLeftOut()

    init(most: Int) { left = most }

    private mutating func take(_ count: Int) -> Bool {
        guard count <= left else { return false }
        left -= count
        return true
    }

    /// Before offsets and groups are asked for: what is left out costs nobody a question.
    ///
    /// - Parameter own: topics that Sluice writes.
    mutating func topics(of picture: inout ClusterPicture, own: Set<String>) {
        _ = take(1 + picture.brokers.count)
        let half = left / 2
        let rest = left - half
        left = half
        var kept: Set<String> = []
        let ranked = picture.topics.filter { own.contains($0.name) } + picture.topics.filter { !own.contains($0.name) }
        for topic in ranked where take(1 + Self.perPartition * topic.partitions.count) { kept.insert(topic.name) }
        left += rest
        leftOut.topics = picture.topics.count - kept.count
        guard leftOut.topics > 0 else { return }
        picture.topics.removeAll { !kept.contains($0.name) }
    }

    /// - Parameter unasked: groups that nobody was asked about, for there are too many.
    mutating func groups(of picture: inout ClusterPicture, unasked: Int) {
        leftOut.groups = unasked
        let before = picture.groups.count
        picture.groups.removeAll { group in
            !take(1 + Self.perLag * (group.committed ?? [:]).count { !$0.value.offsets.isEmpty })
        }
        leftOut.groups += before - picture.groups.count
        for index in picture.groups.indices {
            let offsets = (picture.groups[index].committed ?? [:]).reduce(0) { $0 + $1.value.offsets.count }
            picture.groups[index].isSummedUp = !take(Self.perLag * offsets)
            if picture.groups[index].isSummedUp { leftOut.groupPartitions += 1 }
        }
    }
}

extension ClusterPicture.Group {
    /// What has to do with these topics; nil where nothing does.
    func reading(_ topics: Set<String>) -> Self? {
        var group = self
        group.committed = committed?.filter { topics.contains($0.key) }
        group.assigned.formIntersection(topics)
        let reads = group.committed?.values.contains { !$0.offsets.isEmpty } ?? false
        return reads || !group.assigned.isEmpty ? group : nil
    }
}
