import Synchronization
import Testing

/// What the processes of the test that runs have to say, for the words of a failure.
///
/// One for all tests of the built programs: they run one after the other.
enum Evidence {
    private struct Seat {
        weak var witness: (any Witness)?
    }

    private struct State {
        /// In the order in which they came.
        var seats: [(id: ObjectIdentifier, seat: Seat)] = []
        /// What those said who are gone.
        var lastWords: [[String]] = []
        var isGiven = false
    }

    private static let state = Mutex(State())
    private static let title = "What the processes said:"
    private static let lines = 48
    private static let columns = 360
    /// How many who are gone are remembered.
    private static let departed = 12

    static func attend(_ witness: any Witness) {
        state.withLock { $0.seats.append((ObjectIdentifier(witness), Seat(witness: witness))) }
    }

    /// From its `deinit`.
    static func leave(_ witness: any Witness) {
        let words = witness.testimony(isLeaving: true)
        state.withLock { state in
            state.seats.removeAll { $0.id == ObjectIdentifier(witness) }
            guard words.count > 1 else { return }
            state.lastWords.append(words)
            if state.lastWords.count > departed { state.lastWords.removeFirst() }
        }
    }

    /// What those say who are there, and what those said last who are gone.
    static func gathered() -> String {
        let (seats, lastWords) = state.withLock { ($0.seats, $0.lastWords) }
        // Who came last stands nearest to the failure.
        let witnesses = seats.reversed().compactMap(\.seat.witness).sorted { $0.rank < $1.rank }
        let testimonies = witnesses.map { $0.testimony(isLeaving: false) } + lastWords.reversed()
        let said = testimonies.flatMap(\.self).prefix(lines)
        return ([title] + said.map { "  \($0.prefix(columns))" }).joined(separator: "\n")
    }

    /// The first failure of a test, with the evidence beside it where its own words do not have it.
    static func beside(_ issue: Issue) -> Issue {
        let isFirst = state.withLock { state in
            defer { state.isGiven = true }
            return !state.isGiven
        }
        guard isFirst, !(issue.error.map { "\($0)" } ?? "").contains(title) else { return issue }
        var issue = issue
        issue.comments.append(Comment(rawValue: gathered()))
        return issue
    }

    /// A test begins.
    fileprivate static func reset() {
        state.withLock { state in
            state.lastWords = []
            state.isGiven = false
        }
    }
}

/// Begins each test without what was said in the one before.
struct FreshEvidence: SuiteTrait, TestTrait, TestScoping {
    var isRecursive: Bool { true }

    @concurrent func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        if testCase != nil { Evidence.reset() }
        try await function()
    }
}
