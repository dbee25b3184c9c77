import Testing

@testable import Gateway

@Suite struct InflateAllowanceTests {
    @Test func oneConnectionHasItsShareAndTheNextTickAnother() {
        var allowance = InflateAllowance()
        for tick in 0..<3 {
            allowance.begin(tick: tick)
            allowance.use(InflateAllowance.share - 1)
            #expect(!allowance.isUsedUp)
            allowance.use(1)
            #expect(allowance.isUsedUp)
        }
    }

    @Test func aThousandBombsTogetherGetLittleMoreThanTheFirstFew() {
        var allowance = InflateAllowance()
        var total = 0
        for _ in 0..<1_000 {
            allowance.begin(tick: 7)
            while !allowance.isUsedUp {
                allowance.use(65_536)
                total += 65_536
            }
        }
        #expect(total <= InflateAllowance.plenty + 1_000 * InflateAllowance.least)
    }
}
