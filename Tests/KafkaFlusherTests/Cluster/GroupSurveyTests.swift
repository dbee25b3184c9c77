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
        var survey = GroupSurvey(brokers: [1, 2], reading: ["logs"])
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
            survey.groups == [
                .init(name: "audit", members: 3, committed: [:], assigned: ["logs"]),
                .init(name: "billing", members: 3, committed: Self.offsets, assigned: []),
            ]
        )
    }

    @Test func aGroupWithoutANameIsNone() {
        var survey = GroupSurvey(brokers: [1], reading: ["logs"])
        _ = answer(&survey) { _ in .listed(["", "audit"]) }
        #expect(survey.anyGroup == "audit")
        let asked = answer(&survey) { _ in nil }
        #expect(Set(asked) == [.offsets(group: "audit", broker: 1), .members(group: "audit", broker: 1)])
    }

    @Test func nothingIsAskedAboutGroupsWhileABrokerHasStillToNameItsOwn() {
        var survey = GroupSurvey(brokers: [1, 2], reading: ["logs"])
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
        var survey = GroupSurvey(brokers: [1], reading: ["logs"])
        _ = answer(&survey) { _ in .listed((0..<1_000).map { "group-\($0)" }) }
        var asked = 0
        while survey.next() != nil { asked += 1 }
        #expect(asked == 32)
    }

    @Test func aBrokerThatCannotNameGroupsMakesNoFault() {
        var survey = GroupSurvey(brokers: [1], reading: ["logs"])
        _ = answer(&survey) { _ in .failed(ClusterError(RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE)) }
        #expect(survey.isDone)
        #expect(survey.result == .notOffered)
    }

    @Test func aGroupThatMayNotBeReadIsAFaultAndHidesNoOther() {
        let refused = ClusterError(RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED)
        var survey = GroupSurvey(brokers: [1], reading: ["logs"])
        _ = answer(&survey) { _ in .listed(["open", "closed"]) }
        _ = answer(&survey) { question in
            switch question {
            case .offsets("open", _): .offsets(Self.offsets)
            case .members("open", _): .members(count: 1, assigned: [])
            default: .failed(refused)
            }
        }
        #expect(survey.result == .failed(refused))
        #expect(survey.groups.map(\.name) == ["open"])
    }

    @Test func aGroupThatHasGoneMeanwhileIsNoFault() {
        var survey = GroupSurvey(brokers: [1], reading: ["logs"])
        _ = answer(&survey) { _ in .listed(["gone"]) }
        _ = answer(&survey) { _ in .failed(ClusterError(RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND)) }
        #expect(survey.result == .complete)
        #expect(survey.groups.isEmpty)
    }

    @Test func whatIsNotAnsweredInTheEndIsMissing() {
        var survey = GroupSurvey(brokers: [1], reading: ["logs"])
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
            survey.groups == [.init(name: "slow", members: 1, committed: nil, assigned: ["logs"])]
        )
    }

    @Test func whatAGroupCommitsOfOtherTopicsIsNotLookedAt() {
        var survey = GroupSurvey(brokers: [1], reading: ["logs"])
        _ = answer(&survey) { _ in .listed(["elsewhere"]) }
        _ = answer(&survey) { question in
            if case .members = question { return .members(count: 1, assigned: ["other"]) }
            return .offsets(["other": CommittedOffsets(offsets: [0: 7], isComplete: false)])
        }
        #expect(survey.result == .complete)
        #expect(survey.groups.isEmpty)
    }

    @Test func aBrokerThatDoesNotAnswerHoldsUpNoOther() {
        let names = (0..<200).map { "group-\($0)" }
        var survey = GroupSurvey(brokers: [1, 2], reading: ["logs"])
        _ = answer(&survey) { question in
            .listed(names.filter { $0.hasSuffix("0") == (question == .list(broker: 1)) })
        }
        var told: Set<String> = []
        for _ in 0..<100 {
            _ = answer(&survey) { question in
                guard case .offsets(let group, 2) = question else {
                    if case .members(_, 2) = question { return .members(count: 1, assigned: []) }
                    return nil
                }
                told.insert(group)
                return .offsets(Self.offsets)
            }
        }
        #expect(told.count == 180)
        survey.end()
        #expect(survey.missing.count == 20)
        #expect(survey.groups.count == 180)
        #expect(survey.result == .failed(.timedOut))
        #expect(survey.beginnings == [1: "group-0"])
    }

    /// With a coordinator that manages so many answers in a survey, and leaves the others without one.
    @Test(arguments: [2, 3, 20, 33]) func whereThereIsNoTimeForAllEachGroupHasItsTurn(answers: Int) {
        let names = (0..<52).map { "group-\($0)" }
        var beginnings: [Int32: String] = [:]
        var told: [String: Int] = [:]
        let surveys = 5 * (2 * names.count / answers + 1)
        for _ in 0..<surveys {
            var survey = GroupSurvey(brokers: [7], reading: ["logs"], beginnings: beginnings)
            _ = answer(&survey) { _ in .listed(names.shuffled()) }
            var left = answers
            while left > 0 {
                var asked: [GroupSurvey.Question] = []
                while let question = survey.next() { asked.append(question) }
                guard !asked.isEmpty else { break }
                for question in asked.prefix(left) {
                    survey.answered(question, .offsets(Self.offsets)) { _ in true }
                    if case .offsets(let group, _) = question { told[group, default: 0] += 1 }
                }
                left -= min(left, asked.count)
            }
            survey.end()
            beginnings = survey.beginnings
        }
        #expect(told.count == names.count)
        let counts = names.map { told[$0] ?? 0 }
        #expect((counts.max() ?? 0) <= 2 * (counts.min() ?? 0) + 2, "\(told.sorted { $0.value < $1.value })")
    }

    @Test func aGroupThatNeverAnswersIsNotAlwaysTheFirst() {
        var survey = GroupSurvey(brokers: [1], reading: ["logs"])
        _ = answer(&survey) { _ in .listed((0..<100).map { "group-\($0)" }) }
        let asked = answer(&survey) { question in
            switch question {
            case .offsets("group-0", _): .failed(.timedOut)
            case .members: .members(count: 1, assigned: [])
            default: .offsets(Self.offsets)
            }
        }
        survey.end()
        #expect(asked.count == 32)
        #expect(survey.beginnings == [1: "group-23"])
        #expect(survey.missing == ClusterMissing((["group-0"] + (16..<100).map { "group-\($0)" })))
    }

    @Test func ofTooManyGroupsThoseBehindAreLeftOut() {
        var survey = GroupSurvey(brokers: [1], reading: ["logs"])
        let names = (0..<GroupSurvey.most + 5).map { "group-\(100_000 + $0)" }
        _ = answer(&survey) { _ in .listed(names) }
        _ = answer(&survey) { _ in nil }
        #expect(survey.leftOut == 5)
        survey.end()
        #expect(survey.missing.count == GroupSurvey.most)
    }

    @Test func moreOffsetsThanThatAreNotKept() {
        let many = Dictionary(uniqueKeysWithValues: (0..<Int32(GroupSurvey.mostOffsets / 2)).map { ($0, Int64(1)) })
        var survey = GroupSurvey(brokers: [1], reading: ["logs"])
        _ = answer(&survey) { _ in .listed(["a", "b", "c"]) }
        _ = answer(&survey) { question in
            if case .members = question { return .members(count: 1, assigned: []) }
            return .offsets(["logs": CommittedOffsets(offsets: many), "other": CommittedOffsets(offsets: [0: 1])])
        }
        #expect(survey.leftOut == 1)
        #expect(survey.groups.map(\.name) == ["a", "b"])
        #expect(survey.result == .complete && survey.missing.count == 0)
    }
}
