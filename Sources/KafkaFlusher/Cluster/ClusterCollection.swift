/// One collection, ended well or not.
struct ClusterCollection: Equatable, Sendable {
    /// When it began, monotonic nanoseconds.
    let start: UInt64
    /// When it ended, monotonic nanoseconds.
    var end: UInt64
    /// Nil where nobody said which brokers and topics there are.
    var picture: ClusterPicture?
    /// Without those that were not come to.
    var results: [ClusterPart: ClusterPart.Result]
    /// How much of each part was asked for in vain: topics, partitions, groups.
    var missing: [ClusterPart: ClusterMissing] = [:]
    /// What the cluster has beyond what is shown.
    var leftOut = ClusterLeftOut()

    init(
        start: UInt64,
        end: UInt64 = 0,
        picture: ClusterPicture? = nil,
        results: [ClusterPart: ClusterPart.Result] = [:]
    ) {
        self.start = start
        self.end = end
        self.picture = picture
        self.results = results
    }
}
