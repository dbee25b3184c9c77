import Testing

@testable import Gateway

@Suite struct PartialBudgetTests {
    @Test func everybodyIsReadBelowTheBound() {
        var budget = PartialBudget(bound: 100)
        budget.reserve(99)
        #expect({ budget.mayRead(slot: 1, headroom: nil, need: 64) }())
    }

    @Test func atTheBoundNoNewMessageIsBegun() {
        var budget = PartialBudget(bound: 100)
        budget.reserve(100)
        #expect({ !budget.mayRead(slot: 1, headroom: nil, need: 64) }())
    }

    @Test func atTheBoundWhoStaysWithinItsReservationIsRead() {
        var budget = PartialBudget(bound: 100)
        budget.reserve(100)
        #expect({ budget.mayRead(slot: 1, headroom: 64, need: 64) }())
    }

    @Test func aFewMayGrowBeyondTheBoundSoThatSomebodyGetsOn() {
        var budget = PartialBudget(bound: 100)
        budget.reserve(100)
        for slot in 0..<UInt32(PartialBudget.holderLimit) {
            #expect({ budget.mayRead(slot: slot, headroom: 0, need: 64) }())
        }
        #expect({ !budget.mayRead(slot: 99, headroom: 0, need: 64) }())
        #expect({ budget.mayRead(slot: 3, headroom: 0, need: 64) }())
        budget.finished(slot: 3)
        #expect({ budget.mayRead(slot: 99, headroom: 0, need: 64) }())
    }

    @Test func whatIsReleasedCanBeUsedAgain() {
        var budget = PartialBudget(bound: 100)
        budget.reserve(100)
        budget.release(1)
        #expect({ budget.mayRead(slot: 1, headroom: nil, need: 64) }())
    }
}
