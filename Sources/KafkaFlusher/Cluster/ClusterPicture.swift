/// What one collection found out about the cluster. What nobody answered is not in it.
struct ClusterPicture: Equatable, Sendable {
    struct Broker: Equatable, Sendable {
        let id: Int32
        /// `host:port`.
        let address: String
    }

    struct Partition: Equatable, Sendable {
        let number: Int32
        /// Nil while there is none that can be reached.
        var leader: Int32?
        /// Broker ids; the first is the preferred leader.
        var replicas: [Int32]
        /// Broker ids, as the controller has them.
        var inSync: [Int32]
        /// The first offset that can still be read.
        var oldest: Int64?
        /// The offset that the next record will have.
        var end: Int64?
    }

    struct Topic: Equatable, Sendable {
        let name: String
        /// By number.
        var partitions: [Partition]
    }

    struct Group: Equatable, Sendable {
        let name: String
        /// Nil where nobody says: librdkafka 2.0.2 cannot ask for groups that use Kafka's new protocol (KIP-848).
        var members: Int?
        /// By topic and partition, of the topics in the picture alone. Nil where they could not be read.
        var committed: [String: CommittedOffsets]?
        /// Topics in the picture that a member has partitions of.
        var assigned: Set<String> = []
        /// Whether its partitions one by one are left out, and its sums alone told.
        var isSummedUp = false
    }

    /// By id.
    var brokers: [Broker] = []
    /// By name.
    var topics: [Topic] = []
    /// Why topics that were asked for are not among them.
    var refused: [String: ClusterError] = [:]
    /// By name; those alone that have to do with a topic in the picture.
    var groups: [Group] = []
}
