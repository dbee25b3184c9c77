import Testing

@testable import sluice_load

struct SizeTests {
    @Test func aDistributionIsUnderstood() {
        #expect(SizeDistribution("200") == .fixed(200))
        #expect(SizeDistribution("100-2000") == .uniform(100...2_000))
        #expect(SizeDistribution("exp:400") == .exponential(mean: 400))
        #expect(SizeDistribution("p50=200,p99=16384") == .logNormal(median: 200, high: 16_384))
        for text in [
            "", "99", "16777217", "2000-100", "100-", "exp:", "exp:1", "p50=200,p99=200", "p50=200,p90=300", "a",
        ] {
            #expect(SizeDistribution(text) == nil, "\(text)")
        }
    }

    @Test func sizesAreSpreadAsTheyShouldBe() {
        func quantiles(_ distribution: SizeDistribution) -> (Int, Int, Double) {
            let table = SizeTable(distribution, seed: 9)
            let sizes = (1...20_000).map { table.size(connection: $0 % 7, number: $0) }.sorted()
            return (sizes[10_000], sizes[19_800], Double(sizes.reduce(0, +)) / 20_000)
        }
        let (median, high, _) = quantiles(.logNormal(median: 500, high: 16_384))
        #expect((450...550).contains(median) && (13_000...20_000).contains(high))
        let uniform = quantiles(.uniform(100...2_100))
        #expect((1_050...1_150).contains(uniform.0) && (2_050...2_100).contains(uniform.1))
        let exponential = quantiles(.exponential(mean: 1_000))
        #expect((650...750).contains(exponential.0) && (950...1_050).contains(exponential.2))
        #expect(SizeTable(fixed: 300).size(connection: 5, number: 5) == 300)
    }

    @Test func aLogsSizeFollowsFromItsName() {
        let one = SizeTable(.uniform(100...1_000), seed: 1)
        let same = SizeTable(.uniform(100...1_000), seed: 1)
        let other = SizeTable(.uniform(100...1_000), seed: 2)
        let names = (1...100).map { LogName(connection: $0 % 3, number: $0) }
        #expect(
            names.allSatisfy {
                one.size(connection: $0.connection, number: $0.number)
                    == same.size(connection: $0.connection, number: $0.number)
            }
        )
        #expect(
            names.contains {
                one.size(connection: $0.connection, number: $0.number)
                    != other.size(connection: $0.connection, number: $0.number)
            }
        )
    }
}
