import Reactor
import Testing

@testable import Gateway

private func ids(_ count: Int) -> [ConnectionID] {
    (0..<count).map { ConnectionID(slot: UInt32($0), generation: 1) }
}

@Suite struct DrainingTests {
    @Test(arguments: [0, 1, 10, 57, 10_000, 100_001])
    func everybodyIsToldOnceWithinAThirdOfTheTime(count: Int) {
        let deadline: UInt64 = 30 * second
        var pace = Draining(connections: ids(count), now: 0, deadline: deadline, done: {})
        var told: [ConnectionID] = []
        var now: UInt64 = 0
        while !pace.isEverybodyTold {
            told += pace.next()
            now += Draining.interval
        }
        #expect(Set(told) == Set(ids(count)))
        #expect(told.count == count)
        #expect(now <= deadline / 3 + Draining.interval)
    }

    @Test func manyAreNotToldAtOnce() {
        var pace = Draining(connections: ids(10_000), now: 0, deadline: 30 * second, done: {})
        let told = pace.next()
        #expect(told.count <= 60)
    }

    @Test func aDeadlineInThePastStillTellsEverybody() {
        var pace = Draining(connections: ids(100), now: 5, deadline: 1, done: {})
        let told = pace.next()
        #expect(told.count == 100)
    }
}
