import LogPipeline
import Testing

struct TopicGateTests {
    @Test func aTopicIsUnreadyOverItsHighMarkUntilItIsAtItsLowOne() {
        let budget = InFlightBudget(bytes: 2_000, recordOverhead: 0)
        let gate = budget.makeGate()
        #expect(gate.isReady)
        #expect(gate.add(bytes: 749) == .none)
        #expect(gate.hasAmpleRoom)
        #expect(gate.add(bytes: 1) == .thisTopic)
        #expect(gate.isReady)
        #expect(!gate.hasAmpleRoom)
        #expect(gate.add(bytes: 249) == .none)
        #expect(gate.add(bytes: 1) == .thisTopic)
        #expect(!gate.isReady)
        #expect(gate.remove(bytes: 249) == .none)
        #expect(!gate.isReady)
        #expect(gate.remove(bytes: 1) == .thisTopic)
        #expect(gate.isReady)
        #expect(gate.bytes == 750)
        #expect(!gate.hasAmpleRoom)
        #expect(gate.remove(bytes: 188) == .none)
        #expect(gate.remove(bytes: 1) == .thisTopic)
        #expect(gate.hasAmpleRoom)
    }

    @Test func oneTopicTakesAtMostHalfOfTheBudget() {
        let budget = InFlightBudget(bytes: 2_000, recordOverhead: 0)
        let stuck = budget.makeGate()
        let other = budget.makeGate()
        #expect(stuck.add(bytes: 1_000) == .thisTopic)
        #expect(other.isReady)
        #expect(other.add(bytes: 400) == .none)
        #expect(other.hasAmpleRoom)
        #expect(other.add(bytes: 500) == .everyTopic)
        #expect(other.isReady)
        #expect(!other.hasAmpleRoom)
        #expect(other.add(bytes: 100) == .everyTopic)
        #expect(!other.isReady)
        #expect(other.remove(bytes: 300) == .thisTopic)
        #expect(!other.isReady)
        #expect(other.remove(bytes: 200) == .everyTopic)
        #expect(other.isReady)
        #expect(!stuck.isReady)
        #expect(budget.bytes == 1_500)
    }

    @Test func whatAStuckTopicKeepsLeavesAmpleRoomToOthers() {
        let budget = InFlightBudget(bytes: 2_000, recordOverhead: 0)
        let stuck = budget.makeGate()
        let other = budget.makeGate()
        _ = stuck.add(bytes: 1_200)
        _ = other.add(bytes: 700)
        #expect(!other.hasAmpleRoom)
        #expect(other.remove(bytes: 700) == .everyTopic)
        #expect(other.hasAmpleRoom)
        #expect(!stuck.hasAmpleRoom)
    }

    @Test func anUnhealthyTopicIsUnready() {
        let gate = InFlightBudget(bytes: 2_000, recordOverhead: 0).makeGate()
        #expect(gate.setHealthy(false) == .thisTopic)
        #expect(gate.setHealthy(false) == .none)
        #expect(!gate.isReady)
        #expect(gate.setHealthy(true) == .thisTopic)
        #expect(gate.isReady)
    }

    @Test func urgencyOpensUpToTheHighMarkAndNotBeyond() {
        let gate = InFlightBudget(bytes: 2_000, recordOverhead: 0).makeGate()
        _ = gate.setHealthy(false)
        _ = gate.add(bytes: 1_000)
        #expect(gate.setUrgent(true) == .thisTopic)
        #expect(gate.hasAmpleRoom)
        #expect(!gate.isReady)
        #expect(gate.remove(bytes: 1) == .thisTopic)
        #expect(gate.isReady)
    }

    @Test func aBatchCostsMoreThanItsPayload() {
        let budget = InFlightBudget(bytes: 1_000_000, recordOverhead: 400)
        var writer = makeWriter()
        for _ in 0..<10 { _ = writer.commit("x", codec: .raw) }
        let batches = writer.sealAll()
        let cost = budget.cost(of: batches[0])
        #expect(cost >= 10 * (400 + 1))
        let gate = budget.makeGate()
        _ = gate.add(batches[0])
        #expect(gate.bytes == cost)
        _ = gate.remove(batches[0])
        #expect(gate.bytes == 0)
        #expect(budget.bytes == 0)
    }

    @Test func threadsThatAddAndRemoveLeaveItReady() async {
        let budget = InFlightBudget(bytes: 2_000, recordOverhead: 0)
        let gate = budget.makeGate()
        await withTaskGroup { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<5_000 {
                        _ = gate.add(bytes: 400)
                        _ = gate.remove(bytes: 400)
                    }
                }
            }
        }
        #expect(gate.bytes == 0)
        #expect(gate.isReady)
    }
}
