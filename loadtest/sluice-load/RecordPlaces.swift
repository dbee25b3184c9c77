/// Where the first few records stand that something is wrong with, and how many there are in all.
struct RecordPlaces: Equatable, Sendable {
    struct Place: Equatable, Sendable {
        let partition: Int32
        let offset: Int64
    }

    private(set) var count = 0
    private(set) var first: [Place] = []

    mutating func append(partition: Int32, offset: Int64) {
        count += 1
        if first.count < LogNames.limit { first.append(Place(partition: partition, offset: offset)) }
    }

    /// `partition 3 offset 17, …`
    var text: String {
        let places = first.map { "partition \($0.partition) offset \($0.offset)" }.joined(separator: ", ")
        return first.count < count ? places + ", …" : places
    }
}
