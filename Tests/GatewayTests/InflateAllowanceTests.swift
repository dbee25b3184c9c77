import Testing

@testable import Gateway

@Suite struct InflateAllowanceTests {
    @Test func oneConnectionHasItsShareAndTheNextTickAnother() {
        var allowance = InflateAllowance()
        for tick in 0..<3 {
            allowance.begin(tick: tick)
            allowance.use(input: 0, output: allowance.share - 1)
            #expect(!allowance.isUsedUp)
            allowance.use(input: 0, output: 1)
            #expect(allowance.isUsedUp)
        }
    }

    @Test func aThousandBombsTogetherGetLittleMoreThanTheFirstFew() {
        var allowance = InflateAllowance()
        var total = 0
        for _ in 0..<1_000 {
            allowance.begin(tick: 7)
            while !allowance.isUsedUp {
                allowance.use(input: 100, output: 65_536)
                total += 65_536
            }
        }
        #expect(total <= allowance.plenty + 1_000 * allowance.least)
    }

    @Test func inputThatComesToNothingIsNotFree() {
        var allowance = InflateAllowance()
        var total = 0
        for _ in 0..<1_000 {
            allowance.begin(tick: 7)
            while !allowance.isUsedUp {
                let input = min(allowance.mostInput, 65_536)
                allowance.use(input: input, output: 0)
                total += input
            }
        }
        let bound = allowance.plenty / InflateAllowance.inputWeight
        #expect(total <= 2 * bound + 1_000 * (allowance.least / InflateAllowance.inputWeight + 256))
    }
}
