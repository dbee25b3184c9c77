import Foundation
import Testing

@testable import sluice_load

struct ReportTests {
    private func sample() throws -> Report {
        var arguments = Arguments(url: try TargetURL("ws://a/logs?token=secret"))
        arguments.connections = 2
        arguments.messages = 10
        var outcome = Outcome()
        outcome.sent = [0: 5, 1: 5]
        outcome.handed = 10
        outcome.bytes = 2_000
        outcome.replies.record(1_500_000, count: 10)
        var report = Report(RunSetup(arguments, addresses: [], run: sluiceRun), outcome)
        report.seconds = 0.5
        return report
    }

    @Test func aRunThatDidEverythingIsClean() throws {
        #expect(try sample().isClean)
        #expect(try sample().rate == 20)
    }

    @Test func whatWentWrongIsNotClean() throws {
        var report = try sample()
        report.outcome.addFailure(1, "x")
        #expect(!report.isClean)
        report = try sample()
        report.outcome.sent[1] = 4
        #expect(!report.isClean)
        report = try sample()
        report.verifierFault = "x"
        #expect(!report.isClean)
        report = try sample()
        report.findings = VerifyFindings(expected: 10)
        #expect(report.isClean)
        report.findings?.lost.append(LogName(connection: 0, number: 1))
        #expect(!report.isClean)
    }

    @Test func theTableNamesFaults() throws {
        var report = try sample()
        report.findings = VerifyFindings(expected: 10)
        report.findings?.intact = 9
        report.findings?.lost.append(LogName(connection: 1, number: 4))
        for index in 0..<25 { report.outcome.addFailure(index, "why \(index)") }
        let table = report.table
        #expect(table.contains("9 of 10 are in the topic"))
        #expect(table.contains("1: connection 1: 4\n"))
        #expect(table.contains("why 19") && !table.contains("why 20") && table.contains("and 5 more"))
    }

    @Test func theObjectIsJSON() throws {
        var report = try sample()
        report.outcome.addFailure(1, "say \"\\\n\" é")
        report.findings = VerifyFindings(expected: 10)
        report.findings?.lost.append(LogName(connection: 1, number: 4))
        report.findings?.lost.append(LogName(connection: 1, number: 5))
        let object = try #require(try JSONSerialization.jsonObject(with: Data(report.json.utf8)) as? [String: Any])
        #expect(object["clean"] as? Bool == false)
        #expect(object["seconds"] as? Double == 0.5)
        let echo = try #require((object["latency_ms"] as? [String: Any])?["echo"] as? [String: Any])
        #expect(echo["count"] as? Int == 10 && echo["p99"] as? Double == 1.5)
        #expect(!report.json.contains("secret") && !report.table.contains("secret"))
        let failures = try #require(object["failures"] as? [[String: Any]])
        #expect(failures[0]["reason"] as? String == "say \"\\\n\" é")
        let lost = try #require((object["verified"] as? [String: Any])?["lost"] as? [String: Any])
        #expect(lost["count"] as? Int == 2)
        #expect(lost["first"] as? [[Int]] == [[1, 4, 5]])
    }
}
