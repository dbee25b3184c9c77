import Testing

@testable import sluice_load

struct PartitionRunsTests {
    /// One connection's logs, as (number, partition, time of append).
    private func movedTooEarly(_ logs: [(Int, Int32, Int64)]) -> [Int] {
        var runs = PartitionRuns()
        for (number, partition, time) in logs { runs.append(number, in: partition, at: time) }
        return runs.movedTooEarly()
    }

    @Test func whatWasStoredBeforeItMovedIsInOrder() {
        #expect(movedTooEarly([(1, 0, 10), (2, 0, 11), (3, 1, 11), (4, 1, 12), (5, 0, 12)]).isEmpty)
    }

    @Test func theOrderInWhichPartitionsAreReadDoesNotMatter() {
        #expect(movedTooEarly([(3, 1, 11), (4, 1, 12), (1, 0, 10), (2, 0, 11), (5, 0, 12)]).isEmpty)
    }

    @Test func whatWasStoredBeforeItsPredecessorIsNamed() {
        #expect(movedTooEarly([(1, 0, 10), (2, 0, 20), (3, 1, 15), (4, 1, 30), (5, 0, 29)]) == [3, 5])
    }

    @Test func oneRunIsInOrder() {
        #expect(movedTooEarly([(1, 0, 30), (2, 0, 20)]).isEmpty)
    }

    @Test func theTallyTellsItWhereTimestampsAreTheBrokers() {
        var tally = VerifyTally(connections: 1, offsets: [0: 0, 1: 0])
        let logs: [(Int, Int32, Int64, Int64)] = [(1, 0, 0, 20), (2, 1, 0, 15)]
        for (number, partition, offset, time) in logs {
            tally.add(
                Sighting(
                    reading: .intact(connection: 0, number: number),
                    partition: partition,
                    offset: offset,
                    appended: time
                )
            )
        }
        let found = tally.conclude(sent: [2])
        #expect(found.moved.text == "connection 0: 2")
        #expect(!found.isClean)
    }
}
