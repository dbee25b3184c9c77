/// Where partitions begin and end, of those that somebody answered for.
struct PartitionEnds {
    /// First offsets that can still be read.
    var firsts: [PartitionID: Int64] = [:]
    /// Offsets that the next records will have.
    var lasts: [PartitionID: Int64] = [:]
}
