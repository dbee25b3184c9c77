import CRdKafka
import Testing

@testable import KafkaFlusher

struct GroupSurveyTests {
    private static let offsets = ["logs": CommittedOffsets(offsets: [0: 7])]

    /// Answers every question that may be asked now.
    private func answer(
        _ survey: inout GroupSurvey,
        _ answers: (GroupSurvey.Question) -> GroupSurvey.Answer?
    ) -> [GroupSurvey.Question] {
        var asked: [GroupSurvey.Question] = []
        while let question = survey.next() { asked.append(question) }
        for question in asked {
            guard let answer = answers(question) else { continue }
            survey.answered(question, answer) { !$0.hasPrefix("console-") }
        }
        return asked
    }

    @Test func eachBrokerIsAskedForItsGroupsAndThenAboutThem() {
        var survey = GroupSurvey(brokers: [1, 2])
        let first = answer(&survey) { question in
            question == .list(broker: 1) ? .listed(["billing", "console-1"]) : .listed(["audit"])
        }
        #expect(Set(first) == [.list(broker: 1), .list(broker: 2)])
        #expect(survey.anyGroup == "audit")
        let second = answer(&survey) { question in
            switch question {
            case .list: nil
            case .offsets(let group, _): .offsets(group == "billing" ? Self.offsets : [:])
            case .members(let group, _): .members(count: 3, assigned: group == "audit" ? ["logs", "other"] : [])
            }
        }
        #expect(
            Set(second) == [
                .offsets(group: "billing", broker: 1), .members(group: "billing", broker: 1),
                .offsets(group: "audit", broker: 2), .members(group: "audit", broker: 2),
            ]
        )
        #expect(survey.isDone)
        #expect(survey.result == .complete)
        #expect(
            survey.groups(reading: ["logs"]) == [
                .init(name: "audit", members: 3, committed: [:], assigned: ["logs"]),
                .init(name: "billing", members: 3, committed: Self.offsets, assigned: []),
            ]
        )
        #expect(survey.groups(reading: ["unknown"]).isEmpty)
    }

    @Test func aGroupWithoutANameIsNone() {
        var survey = GroupSurvey(brokers: [1])
        _ = answer(&survey) { _ in .listed(["", "audit"]) }
        #expect(survey.anyGroup == "audit")
        let asked = answer(&survey) { _ in nil }
        #expect(Set(asked) == [.offsets(group: "audit", broker: 1), .members(group: "audit", broker: 1)])
    }

    @Test func nothingIsAskedAboutGroupsWhileABrokerHasStillToNameItsOwn() {
        var survey = GroupSurvey(brokers: [1, 2])
        _ = answer(&survey) { $0 == .list(broker: 1) ? .listed(["billing"]) : nil }
        let waiting = survey.next()
        #expect(survey.isListing)
        #expect(waiting == nil)
        survey.endListing()
        let asked = answer(&survey) { _ in nil }
        #expect(asked.count == 2)
        #expect(survey.result == .failed(.timedOut))
    }

    @Test func onlySoManyQuestionsAreUnderWay() {
        var survey = GroupSurvey(brokers: [1])
        _ = answer(&survey) { _ in .listed((0..<1_000).map { "group-\($0)" }) }
        var asked = 0
        while survey.next() != nil { asked += 1 }
        #expect(asked == 32)
    }

    @Test func aBrokerThatCannotNameGroupsMakesNoFault() {
        var survey = GroupSurvey(brokers: [1])
        _ = answer(&survey) { _ in .failed(ClusterError(RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE)) }
        #expect(survey.isDone)
        #expect(survey.result == .notOffered)
    }

    @Test func aGroupThatMayNotBeReadIsAFaultAndHidesNoOther() {
        let refused = ClusterError(RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED)
        var survey = GroupSurvey(brokers: [1])
        _ = answer(&survey) { _ in .listed(["open", "closed"]) }
        _ = answer(&survey) { question in
            switch question {
            case .offsets("open", _): .offsets(Self.offsets)
            case .members("open", _): .members(count: 1, assigned: [])
            default: .failed(refused)
            }
        }
        #expect(survey.result == .failed(refused))
        #expect(survey.groups(reading: ["logs"]).map(\.name) == ["open"])
    }

    @Test func aGroupThatHasGoneMeanwhileIsNoFault() {
        var survey = GroupSurvey(brokers: [1])
        _ = answer(&survey) { _ in .listed(["gone"]) }
        _ = answer(&survey) { _ in .failed(ClusterError(RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND)) }
        #expect(survey.result == .complete)
        #expect(survey.groups(reading: ["logs"]).isEmpty)
    }

    @Test func whatIsNotAnsweredInTheEndIsMissing() {
        var survey = GroupSurvey(brokers: [1])
        _ = answer(&survey) { _ in .listed(["slow"]) }
        let asked = answer(&survey) { question in
            if case .members = question { .members(count: 1, assigned: ["logs"]) } else { nil }
        }
        survey.end()
        #expect(survey.isDone)
        #expect(survey.result == .failed(.timedOut))
        // An answer that comes after all is nobody's.
        for question in asked { survey.answered(question, .offsets(Self.offsets)) { _ in true } }
        #expect(
            survey.groups(reading: ["logs"]) == [.init(name: "slow", members: 1, committed: nil, assigned: ["logs"])]
        )
    }
}
