import Testing

@testable import sluice_load

/// Faults planted into what a topic holds, each of which is to be found and named, and nothing else.
struct VerifyTallyTests {
    /// Two connections with five logs each, each in a partition of its own.
    private static let sent = [5, 5]
    private static let names = [0, 1].map { connection in
        (1...5).map { LogName(connection: connection, number: $0) }
    }

    /// Tallies what the partitions hold.
    private func findings(
        _ partitions: [[LogForm.Reading]],
        sent: [Int] = Self.sent,
        begin: Int64 = 100
    ) -> VerifyFindings {
        var offsets: [Int32: Int64] = [:]
        for index in partitions.indices { offsets[Int32(index)] = begin }
        var tally = VerifyTally(connections: sent.count, offsets: offsets)
        for (partition, records) in partitions.enumerated() {
            for (index, reading) in records.enumerated() {
                tally.add(
                    Sighting(
                        reading: reading,
                        partition: Int32(partition),
                        offset: begin + Int64(index),
                        appended: nil
                    )
                )
            }
        }
        return tally.conclude(sent: sent)
    }

    private func whole(_ connection: Int, _ numbers: Int...) -> [LogForm.Reading] {
        numbers.map { .intact(connection: connection, number: $0) }
    }

    @Test func everythingInOrderIsClean() {
        let found = findings([whole(0, 1, 2, 3, 4, 5), whole(1, 1, 2, 3, 4, 5)])
        #expect(found.isClean)
        #expect(found.expected == 10 && found.intact == 10)
    }

    @Test func whatIsMissingIsLost() {
        let found = findings([whole(0, 1, 2, 4, 5), whole(1, 1, 2)])
        #expect(!found.isClean)
        #expect(found.intact == 6)
        #expect(found.lost.count == 4)
        #expect(found.lost.text == "connection 0: 3; connection 1: 3-5")
        #expect(found.reordered.count + found.repeated.count + found.damagedCount == 0)
    }

    @Test func nothingAtAllLosesEverything() {
        let found = findings([[], []])
        #expect(found.lost.text == "connection 0: 1-5; connection 1: 1-5")
        #expect(found.lost.count == 10 && found.intact == 0)
    }

    @Test func whatIsThereTwiceIsRepeatedOnce() {
        let found = findings([whole(0, 1, 2, 3, 2, 3, 4, 5), whole(1, 1, 2, 3, 4, 5, 5, 5)])
        #expect(found.repeated.count == 4)
        #expect(found.repeated.text == "connection 0: 2-3; connection 1: 5, 5")
        #expect(found.lost.count + found.reordered.count + found.damagedCount == 0)
        #expect(found.intact == 10)
    }

    @Test func aRepetitionInAnotherPartitionIsSeen() {
        let found = findings([whole(0, 1, 2, 3, 4, 5), whole(1, 1, 2, 3, 4, 5) + whole(0, 4)])
        #expect(found.repeated.text == "connection 0: 4")
        #expect(found.lost.count + found.reordered.count == 0)
    }

    @Test func whatComesAfterALaterOneIsOutOfOrder() {
        let found = findings([whole(0, 1, 3, 2, 4, 5), whole(1, 2, 3, 4, 5, 1)])
        #expect(found.reordered.count == 2)
        #expect(found.reordered.text == "connection 0: 2; connection 1: 1")
        #expect(found.lost.count + found.repeated.count + found.damagedCount == 0)
    }

    @Test func connectionsMayMixInAPartition() {
        let mixed = zip(whole(0, 1, 2, 3, 4, 5), whole(1, 1, 2, 3, 4, 5)).flatMap { [$0, $1] }
        #expect(findings([mixed]).isClean)
    }

    @Test func movingToAnotherPartitionIsNoFault() {
        let found = findings([whole(0, 1, 2, 3), whole(0, 4, 5) + whole(1, 1, 2, 3, 4, 5)])
        #expect(found.isClean)
        #expect(found.moves == 1)
    }

    @Test func damageIsNamedAndNotLost() {
        var records = whole(0, 1, 2, 3, 4, 5)
        records[2] = .damaged(Self.names[0][2])
        let found = findings([records, whole(1, 1, 2, 3, 4, 5)])
        #expect(!found.isClean)
        #expect(found.damagedCount == 1)
        #expect(found.damaged.text == "connection 0: 3")
        #expect(found.damagedPlaces.text == "partition 0 offset 102")
        #expect(found.lost.count == 0)
    }

    @Test func damageBeyondRecognitionLeavesItsNumberLost() {
        var records = whole(0, 1, 2, 3, 4, 5)
        records[2] = .damaged(nil)
        let found = findings([records, whole(1, 1, 2, 3, 4, 5)])
        #expect(found.damagedCount == 1 && found.damaged.count == 0)
        #expect(found.lost.text == "connection 0: 3")
    }

    @Test func damageThatTakesTheNameOfAnotherIsNotBelieved() {
        var records = whole(0, 1, 2, 3, 4, 5)
        records[2] = .damaged(Self.names[0][3])
        let found = findings([records, whole(1, 1, 2, 3, 4, 5)])
        #expect(found.damagedCount == 1 && found.damaged.count == 0)
        #expect(found.lost.text == "connection 0: 3")
        records[2] = .damaged(LogName(connection: 700, number: 1))
        #expect(findings([records, whole(1, 1, 2, 3, 4, 5)]).lost.text == "connection 0: 3")
    }

    @Test func recordsOfOthersAreCountedAndNoFault() {
        let found = findings([whole(0, 1, 2, 3, 4, 5) + [.foreign, .foreign], whole(1, 1, 2, 3, 4, 5)])
        #expect(found.isClean)
        #expect(found.foreign == 2)
    }

    @Test func aWholeLogOfNoConnectionIsAFault() {
        let found = findings([whole(0, 1, 2, 3, 4, 5) + whole(2, 1), whole(1, 1, 2, 3, 4, 5)])
        #expect(found.unexpected == 1 && !found.isClean)
    }

    @Test func offsetsThatWentByUnreadAreCounted() {
        var tally = VerifyTally(connections: 1, offsets: [0: 10])
        for (number, offset) in [(1, 12), (2, 13), (3, 17)] {
            tally.add(
                Sighting(
                    reading: .intact(connection: 0, number: number),
                    partition: 0,
                    offset: Int64(offset),
                    appended: nil
                )
            )
        }
        #expect(tally.conclude(sent: [3]).skipped == 5)
    }

    @Test func onlyTheFirstNamesAreKept() {
        var names = LogNames()
        for number in 1...100 { names.append(LogName(connection: 0, number: number * 2)) }
        #expect(names.count == 100)
        #expect(names.first.count == LogNames.limit)
        #expect(names.text.hasSuffix("40, …"))
    }

    @Test func aThousandthOfEachFaultIsCountedExactly() {
        var records: [LogForm.Reading] = []
        for number in 1...100_000 {
            let log = LogForm.Reading.intact(connection: 0, number: number)
            switch number % 1_000 {
            case 100: break
            case 200: records += [log, log]
            case 300: records.append(.damaged(LogName(connection: 0, number: number)))
            // Its successor has gone before it.
            case 401: records.insert(log, at: records.count - 1)
            default: records.append(log)
            }
        }
        let found = findings([records], sent: [100_000])
        #expect([found.lost, found.repeated, found.damaged, found.reordered].map(\.count) == [100, 100, 100, 100])
        #expect(found.intact == 99_800 && found.damagedCount == 100)
        #expect(found.lost.first.map(\.first) == (0..<20).map { $0 * 1_000 + 100 })
        #expect(found.reordered.first.map(\.first) == (0..<20).map { $0 * 1_000 + 400 })
    }
}
