/// What is not shown of a cluster that is larger than `SeriesBound` allows.
struct ClusterLeftOut: Equatable, Sendable {
    var topics = 0
    /// Groups of which nothing is shown.
    var groups = 0
    /// Groups of which the sums are shown, and not their partitions.
    var groupPartitions = 0

    /// By what they are, as `/metrics` and the log name it.
    var all: KeyValuePairs<String, Int> {
        ["topics": topics, "groups": groups, "group_partitions": groupPartitions]
    }
}
