/// One collection, ended well or not.
struct ClusterCollection: Equatable, Sendable {
    /// When it began, monotonic nanoseconds.
    let start: UInt64
    /// When it ended, monotonic nanoseconds.
    let end: UInt64
    /// Nil where nobody said which brokers and topics there are.
    let picture: ClusterPicture?
    /// Without those that were not come to.
    let results: [ClusterPart: ClusterPart.Result]
}
