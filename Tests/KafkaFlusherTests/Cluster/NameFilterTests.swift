import Testing

@testable import KafkaFlusher

struct NameFilterTests {
    /// Those of the names that are taken, asked for one after the other.
    private func taken(_ names: [String], _ filter: NameFilter) -> [String] {
        var filter = filter
        return names.filter { filter.takes($0) }
    }

    @Test func namesAreTakenAsAWholeAndPatternsWhereverTheyAreFound() {
        let filter = NameFilter(names: ["logs"], patterns: ["^audit-", "trail$"])
        let names = ["logs", "logs-2", "audit-2026", "the-audit-2026", "paper-trail", "paper-trail", "logs-2"]
        #expect(filter.hasPatterns)
        #expect(taken(names, filter) == ["logs", "audit-2026", "paper-trail", "paper-trail"])
    }

    @Test func withoutAnythingNothingIsTaken() {
        let filter = NameFilter(patterns: [])
        #expect(!filter.hasPatterns)
        #expect(taken(["", "logs"], filter).isEmpty)
    }

    @Test func aPatternThatDoesNotCompileFindsNothing() {
        #expect(taken(["abc", "("], NameFilter(patterns: ["(", "b"])) == ["abc"])
    }

    @Test func someCanBeLeftOut() {
        let filter = NameFilter(patterns: ["^(?!console-consumer-)"])
        #expect(taken(["billing", "console-consumer-17"], filter) == ["billing"])
    }
}
