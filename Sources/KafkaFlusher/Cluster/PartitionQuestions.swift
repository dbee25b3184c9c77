/// Decides what one leader is asked about the ends of its partitions, and how much at a time.
///
/// In pieces: librdkafka looks for every partition of an answer in a list, one after the other, so a question about ten
/// times as many takes a hundred times as long; and it throws the whole answer away where one partition of it has an
/// error, so a piece that is refused is asked for again in halves, after the others.
struct PartitionQuestions {
    /// Partitions in one question.
    static let most = 1_000

    private var pieces: [ArraySlice<PartitionID>] = []
    /// What there is no answer for.
    private(set) var missing = ClusterMissing()
    /// The first error.
    private(set) var fault: ClusterError?
    /// Whether the leader did not answer at all.
    private(set) var isLate = false

    /// - Parameter first: the partition to begin with, where it is among them.
    init(_ partitions: [PartitionID], beginningWith first: PartitionID?) {
        let start = first.flatMap { partitions.firstIndex(of: $0) } ?? 0
        let order = Array(partitions[start...] + partitions[..<start])
        for begin in stride(from: 0, to: order.count, by: Self.most) {
            pieces.append(order[begin..<min(begin + Self.most, order.count)])
        }
    }

    /// What to ask for now; nil when all is asked for, or the leader does not answer.
    var next: [PartitionID]? { isLate ? nil : pieces.first.map(Array.init) }

    /// The partition that the next collection begins with, where this one has not come to all.
    var unreached: PartitionID? { pieces.first?.first }

    /// The answer to `next`.
    ///
    /// - Parameters:
    ///   - isKnown: whether both ends of a partition are in it.
    ///   - error: of a partition that is not.
    mutating func answered(_ error: ClusterError?, isKnown: (PartitionID) -> Bool) {
        guard let piece = pieces.first else { return }
        let unknown = piece.filter { !isKnown($0) }
        // A question whose time is over ends, in librdkafka, without an error and without an answer.
        guard unknown.count < piece.count || error != nil else { return failed(.timedOut) }
        pieces.removeFirst()
        for partition in unknown { missing.add(partition) }
        // A partition that has just got another leader is answered for by nobody.
        if !unknown.isEmpty { fault = fault ?? error ?? .noLeader }
    }

    /// `next` was not answered.
    mutating func failed(_ error: ClusterError) {
        guard let piece = pieces.first else { return }
        guard !error.isSilence else {
            fault = fault ?? error
            isLate = true
            return
        }
        pieces.removeFirst()
        guard piece.count > 1 else {
            fault = fault ?? error
            for partition in piece { missing.add(partition) }
            return
        }
        let middle = piece.startIndex + piece.count / 2
        pieces += [piece[..<middle], piece[middle...]]
    }

    /// No more is asked; what is left is missing.
    mutating func end() {
        for piece in pieces {
            for partition in piece { missing.add(partition) }
        }
        if !pieces.isEmpty { fault = fault ?? .timedOut }
    }
}
