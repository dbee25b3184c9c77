import CRdKafka
import Testing

@testable import KafkaFlusher

struct PartitionQuestionsTests {
    private static func partitions(_ count: Int) -> [PartitionID] {
        (0..<count).map { PartitionID(topic: "logs", number: Int32($0)) }
    }

    /// Asks until nothing is left, or so many times.
    ///
    /// - Returns: the questions.
    private func ask(
        _ questions: inout PartitionQuestions,
        atMost limit: Int = 1_000,
        _ answer: ([PartitionID]) -> ClusterError?
    ) -> [[PartitionID]] {
        var asked: [[PartitionID]] = []
        while asked.count < limit, let piece = questions.next {
            asked.append(piece)
            if let error = answer(piece) { questions.failed(error) } else { questions.answered(nil) { _ in true } }
        }
        questions.end()
        return asked
    }

    @Test func manyAreAskedForInPieces() {
        var questions = PartitionQuestions(Self.partitions(2_500), beginningWith: nil)
        let asked = ask(&questions) { _ in nil }
        #expect(asked.map(\.count) == [1_000, 1_000, 500])
        #expect(asked.flatMap { $0 } == Self.partitions(2_500))
        #expect(questions.missing.count == 0 && questions.fault == nil && questions.unreached == nil)
    }

    @Test func whatIsRefusedIsAskedForInHalvesUntilOneIsLeft() {
        let refused = ClusterError(RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION)
        var questions = PartitionQuestions(Self.partitions(1_500), beginningWith: nil)
        let asked = ask(&questions) { $0.contains { $0.number == 700 } ? refused : nil }
        #expect(questions.missing.count == 1)
        #expect(questions.missing.example == "logs/700")
        #expect(questions.fault == refused)
        #expect(!questions.isLate && questions.unreached == nil)
        // The piece without the culprit did not have to wait for the halves.
        #expect(asked[1].count == 500)
        #expect(asked.count < 25)
    }

    @Test(arguments: [RD_KAFKA_RESP_ERR__TIMED_OUT, RD_KAFKA_RESP_ERR__TRANSPORT])
    func aLeaderThatDoesNotAnswerIsAskedNoMore(code: rd_kafka_resp_err_t) {
        var questions = PartitionQuestions(Self.partitions(3_000), beginningWith: nil)
        let asked = ask(&questions) { $0[0].number == 1_000 ? ClusterError(code) : nil }
        #expect(asked.count == 2)
        #expect(questions.isLate)
        #expect(questions.missing.count == 2_000)
        #expect(questions.unreached?.number == 1_000)
        #expect(questions.fault == ClusterError(code))
    }

    @Test func anAnswerWithoutAnythingIsNone() {
        var questions = PartitionQuestions(Self.partitions(3), beginningWith: nil)
        questions.answered(nil) { _ in false }
        #expect(questions.isLate && questions.next == nil)
        questions.end()
        #expect(questions.fault == .timedOut && questions.missing.count == 3)
    }

    @Test func whatIsNotInAnAnswerIsMissing() {
        let refused = ClusterError(RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED)
        for (error, fault) in [(refused, refused), (nil, ClusterError.noLeader)] {
            var questions = PartitionQuestions(Self.partitions(3), beginningWith: nil)
            questions.answered(error) { $0.number != 1 }
            questions.end()
            #expect(questions.missing.count == 1 && questions.fault == fault && !questions.isLate)
        }
        var questions = PartitionQuestions(Self.partitions(3), beginningWith: nil)
        questions.answered(refused) { _ in false }
        questions.end()
        #expect(questions.missing.count == 3 && questions.fault == refused && !questions.isLate)
    }

    @Test func whereTheTimeIsUpTheNextCollectionBeginsThere() {
        var turns = LeaderTurns()
        var seen: Set<PartitionID> = []
        for _ in 0..<4 {
            #expect(turns.order([5]) == [5])
            var questions = turns.questions(to: 5, about: Self.partitions(3_500))
            seen.formUnion(ask(&questions, atMost: 1) { _ in nil }.flatMap { $0 })
            #expect(questions.missing.count == 2_500)
            turns.ended(questions, of: 5, wasAsked: true)
        }
        #expect(seen.count == 3_500)
    }

    @Test func thoseWithoutATurnComeFirstAndThoseThatDidNotAnswerLast() {
        var turns = LeaderTurns()
        #expect(turns.order([3, 1, 2]) == [1, 2, 3])
        var silent = turns.questions(to: 1, about: Self.partitions(1))
        _ = ask(&silent) { _ in .timedOut }
        turns.ended(silent, of: 1, wasAsked: true)
        var unasked = turns.questions(to: 3, about: Self.partitions(1))
        unasked.end()
        turns.ended(unasked, of: 3, wasAsked: false)
        #expect(turns.order([1, 2, 3]) == [3, 2, 1])
        // Without a turn it is still the one that did not answer.
        turns.ended(unasked, of: 1, wasAsked: false)
        #expect(turns.order([1, 2, 3]) == [3, 2, 1])
        var answered = turns.questions(to: 1, about: Self.partitions(1))
        _ = ask(&answered) { _ in nil }
        turns.ended(answered, of: 1, wasAsked: true)
        turns.ended(answered, of: 3, wasAsked: true)
        #expect(turns.order([1, 2, 3]) == [1, 2, 3])
        turns.ended(silent, of: 2, wasAsked: true)
        #expect(turns.order([1, 3]) == [1, 3])
        // It had gone: what comes under its id is another one.
        #expect(turns.order([1, 2, 3]) == [1, 2, 3])
    }
}
