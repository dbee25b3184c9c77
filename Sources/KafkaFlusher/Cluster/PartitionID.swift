/// A partition of a topic, by name.
struct PartitionID: Hashable, Sendable {
    let topic: String
    let number: Int32
}
