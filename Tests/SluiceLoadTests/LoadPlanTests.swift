import Testing

@testable import sluice_load

struct LoadPlanTests {
    @Test(arguments: [(10, 1_000, 1), (7, 1_003, 10), (50, 20, 1), (3, 10, 4), (3, 12, 4), (1, 5, 10), (4, 41, 10)])
    func everyMessageBelongsToOneConnection(connections: Int, messages: Int, batch: Int) {
        let plan = LoadPlan(connections: connections, messages: messages, batch: batch, rate: 0, duration: nil)
        var counted = Array(repeating: 0, count: connections)
        for write in 0..<plan.writes {
            #expect(plan.count(ofWrite: write) > 0)
            counted[plan.connection(ofWrite: write)] += plan.count(ofWrite: write)
        }
        #expect(counted.reduce(0, +) == messages)
        #expect(counted == (0..<connections).map { plan.quota(of: $0) })
    }

    @Test func aRateGivesEveryWriteItsTime() {
        let plan = LoadPlan(connections: 2, messages: 10, batch: 2, rate: 1_000, duration: nil)
        #expect((0..<plan.writes).map { plan.dueTime(ofWrite: $0) } == [0, 2_000_000, 4_000_000, 6_000_000, 8_000_000])
        // The second connection's messages 0 to 3 are those of the writes 1 and 3.
        #expect((0..<4).map { plan.dueTime(of: $0, on: 1) } == [2_000_000, 2_000_000, 6_000_000, 6_000_000])
    }

    @Test func theLastOfManyMessagesIsDueToTheNanosecond() {
        let plan = LoadPlan(connections: 1, messages: LogForm.maxNumber, batch: 1, rate: 3, duration: nil)
        #expect(plan.dueTime(ofWrite: 9_000_000_000) == 3_000_000_000_000_000_000)
    }

    @Test func withoutARateEverythingIsDueAtOnce() {
        let plan = LoadPlan(connections: 3, messages: 100, batch: 1, rate: 0, duration: nil)
        #expect(plan.dueTime(ofWrite: 99) == 0 && plan.dueTime(of: 33, on: 0) == 0)
    }

    @Test func poissonTimesKeepTheRateAndTheOrder() {
        let plan = LoadPlan(connections: 7, messages: 64_000, batch: 1, rate: 1_000, duration: nil)
        var schedule = Schedule(plan, .poisson, seed: 3)
        let times = (0..<plan.writes).map { schedule.dueTime(ofWrite: $0) }
        #expect(times == times.sorted())
        #expect(times[0] < 64_000_000 && times[63_999] >= 63_936_000_000 && times[63_999] < 64_000_000_000)
        // The gaps of a Poisson process are as spread as they are long: 1 ms here.
        let gaps = zip(times, times.dropFirst()).map { Double($1 - $0) / 1e6 }
        let mean = gaps.reduce(0, +) / Double(gaps.count)
        let variance = gaps.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(gaps.count)
        #expect(abs(mean - 1) < 0.01 && abs(variance - 1) < 0.1)
        var again = Schedule(plan, .poisson, seed: 3)
        #expect(again.dueTime(of: 100, on: 4) == times[704])
        var other = Schedule(plan, .poisson, seed: 4)
        #expect(other.dueTime(ofWrite: 704) != times[704])
    }

    @Test func loopsShareTheConnections() {
        for count in 1...4 {
            let shares = (0..<count).map { LoopShare(index: $0, count: count) }
            let all = shares.flatMap { share in (0..<share.connections(of: 11)).map { share.global($0) } }
            #expect(all.sorted() == Array(0..<11))
            for share in shares {
                for local in 0..<share.connections(of: 11) { #expect(share.local(share.global(local)) == local) }
            }
        }
    }

    @Test func aDurationBoundsWhatIsDue() {
        #expect(
            LoadPlan(connections: 3, messages: nil, batch: 1, rate: 500, duration: 2_500_000_000).messages == 1_250
        )
        #expect(LoadPlan(connections: 3, messages: 100, batch: 1, rate: 500, duration: 2_500_000_000).messages == 100)
        #expect(LoadPlan(connections: 3, messages: nil, batch: 1, rate: 0, duration: 1).messages == .max)
        #expect(LoadPlan(connections: 3, messages: nil, batch: 7, rate: 0, duration: 1).quota(of: 0) > 1 << 60)
    }
}
