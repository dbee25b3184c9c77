/// Holds what a topic has against what was sent. A pure value, told of every record in the order of its partition.
///
/// What is out of order: a log that stands behind a later one of its connection in the same partition, and one that
/// the broker appended later than a later one in another partition, where the topic's timestamps tell that. Partitions
/// that several threads of a broker append to say nothing else about the order between them.
struct VerifyTally {
    /// How much of a connection was seen.
    private struct Connection {
        var seen = NumberSet()
        /// Per partition, the highest number so far.
        var highest: [(partition: Int32, number: Int)] = []
        var lastPartition: Int32 = -1
        var runs = PartitionRuns()
    }

    /// How many names of damaged logs are remembered.
    private static let claimLimit = 100_000

    private var connections: [Connection]
    private var nextOffsets: [Int32: Int64]
    /// What damaged records say they were, unless it was seen whole.
    private var claims: Set<LogName> = []
    private var damagedPlaces = RecordPlaces()
    /// In the order in which they were seen; those that were sent twice are sorted out in the end.
    private var repeated = NameList()
    private var reordered = NameList()
    private var unexpected = 0
    private var foreign = 0
    private var skipped: Int64 = 0
    private var moves = 0
    /// Logs of the run that are there, each counted once.
    private(set) var intact = 0

    /// Logs that are there, whole or, where their name could be read, damaged.
    var accountedFor: Int { intact + claims.count }

    /// - Parameters:
    ///   - connections: how many send.
    ///   - offsets: where each partition is followed from.
    init(connections: Int, offsets: [Int32: Int64]) {
        self.connections = Array(repeating: Connection(), count: connections)
        nextOffsets = offsets
    }

    /// Takes a record.
    mutating func add(_ record: Sighting) {
        let expected = nextOffsets[record.partition, default: record.offset]
        if record.offset > expected { skipped += record.offset - expected }
        nextOffsets[record.partition] = record.offset + 1
        switch record.reading {
        case .foreign: foreign += 1
        case .damaged(let name): addDamaged(name, record)
        case .intact(let connection, let number):
            guard connection < connections.count else {
                unexpected += 1
                return
            }
            addIntact(LogName(connection: connection, number: number), record)
        }
    }

    private mutating func addDamaged(_ name: LogName?, _ record: Sighting) {
        damagedPlaces.append(partition: record.partition, offset: record.offset)
        guard let name, name.connection < connections.count, claims.count < Self.claimLimit,
            !connections[name.connection].seen.contains(name.number)
        else { return }
        claims.insert(name)
    }

    private mutating func addIntact(_ name: LogName, _ record: Sighting) {
        guard connections[name.connection].seen.insert(name.number) else {
            repeated.append(name)
            return
        }
        intact += 1
        if !claims.isEmpty { claims.remove(name) }
        if connections[name.connection].lastPartition != record.partition {
            if connections[name.connection].lastPartition >= 0 { moves += 1 }
            connections[name.connection].lastPartition = record.partition
        }
        if let appended = record.appended {
            connections[name.connection].runs.append(name.number, in: record.partition, at: appended)
        }
        noteOrder(name, record.partition)
    }

    private mutating func noteOrder(_ name: LogName, _ partition: Int32) {
        let places = connections[name.connection].highest
        guard let index = places.firstIndex(where: { $0.partition == partition }) else {
            connections[name.connection].highest.append((partition, name.number))
            return
        }
        if name.number < places[index].number {
            reordered.append(name)
        } else {
            connections[name.connection].highest[index].number = name.number
        }
    }

    /// What is to be said when nothing more will come.
    ///
    /// - Parameters:
    ///   - sent: how many messages each connection has sent.
    ///   - again: what a connection had to send again after it broke, by connection: of that a second one is no fault,
    ///     nor that it comes late.
    func conclude(sent: [Int], again: [Int: [ClosedRange<Int>]] = [:]) -> VerifyFindings {
        var findings = VerifyFindings(expected: sent.reduce(0, +))
        findings.intact = intact
        func isAgain(_ name: LogName) -> Bool { again[name.connection]?.contains { $0.contains(name.number) } ?? false }
        findings.repeated = repeated.names { !isAgain($0) }
        findings.repeatedAgain = repeated.count - findings.repeated.count
        findings.reordered = reordered.names { !isAgain($0) }
        findings.reorderedAgain = reordered.count - findings.reordered.count
        findings.foreign = foreign
        findings.skipped = skipped
        findings.moves = moves
        findings.unexpected = unexpected
        findings.damagedCount = damagedPlaces.count
        findings.damagedPlaces = damagedPlaces
        for (index, count) in sent.enumerated() { conclude(index, count, &findings) }
        return findings
    }

    private func conclude(_ index: Int, _ sent: Int, _ findings: inout VerifyFindings) {
        let connection = connections[index]
        for number in connection.runs.movedTooEarly() {
            findings.moved.append(LogName(connection: index, number: number))
        }
        guard sent > 0, connection.seen.count < sent else { return }
        for number in 1...sent where !connection.seen.contains(number) {
            let name = LogName(connection: index, number: number)
            if claims.contains(name) { findings.damaged.append(name) } else { findings.lost.append(name) }
        }
    }
}
