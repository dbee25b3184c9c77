/// What became of the logs of a run.
struct VerifyFindings: Equatable, Sendable {
    /// How many were sent.
    let expected: Int
    /// How many of these are in the topic as they were sent, each counted once.
    var intact = 0
    /// Not there, and no damaged record says that it was one of them.
    var lost = LogNames()
    /// There once more than once; a log that is there three times is named twice.
    var repeated = LogNames()
    /// Behind a later one of the same connection, in one partition.
    var reordered = LogNames()
    /// Of what had to be sent again after a connection broke: there twice, or late. No fault.
    var repeatedAgain = 0
    var reorderedAgain = 0
    /// In another partition than the log before, and appended before it.
    var moved = LogNames()
    /// There, but not as they were sent.
    var damaged = LogNames()
    /// All damaged records, those included whose name is not known or belongs to a log that is there whole.
    var damagedCount = 0
    var damagedPlaces = RecordPlaces()
    /// Whole logs of connections that do not exist.
    var unexpected = 0
    /// Records of others.
    var foreign = 0
    /// Offsets without a record: compaction, transactions, or the topic has dropped them before they were read.
    var skipped: Int64 = 0
    /// How often a connection's logs went on in another partition. No fault.
    var moves = 0

    init(expected: Int) { self.expected = expected }

    var isClean: Bool {
        lost.count + repeated.count + reordered.count + moved.count + damagedCount + unexpected == 0
    }
}
