import Foundation
import Testing

@testable import sluice_load

struct ReportTests {
    private func sample() -> Report {
        var report = Report(run: "0badcafe")
        report.asked = 2
        report.planned = 10
        report.sent = 10
        report.bytes = 2_000
        report.seconds = 0.5
        return report
    }

    @Test func aRunThatDidEverythingIsClean() {
        #expect(sample().isClean)
        #expect(sample().rate == 20)
    }

    @Test func whatWentWrongIsNotClean() {
        var report = sample()
        report.addFailure(1, "x")
        #expect(!report.isClean)
        report = sample()
        report.sent = 9
        #expect(!report.isClean)
        report = sample()
        report.verifierFault = "x"
        #expect(!report.isClean)
        report = sample()
        report.findings = VerifyFindings(expected: 10)
        #expect(report.isClean)
        report.findings?.lost.append(LogName(connection: 0, number: 1))
        #expect(!report.isClean)
    }

    @Test func theTableNamesFaults() {
        var report = sample()
        report.findings = VerifyFindings(expected: 10)
        report.findings?.intact = 9
        report.findings?.lost.append(LogName(connection: 1, number: 4))
        for index in 0..<25 { report.addFailure(index, "why \(index)") }
        let table = report.table
        #expect(table.contains("9 of 10 are in the topic"))
        #expect(table.contains("1: connection 1: 4\n"))
        #expect(table.contains("why 19") && !table.contains("why 20") && table.contains("and 5 more"))
    }

    @Test func theObjectIsJSON() throws {
        var report = sample()
        report.addFailure(1, "say \"\\\n\" é")
        report.findings = VerifyFindings(expected: 10)
        report.findings?.lost.append(LogName(connection: 1, number: 4))
        report.findings?.lost.append(LogName(connection: 1, number: 5))
        let object = try #require(try JSONSerialization.jsonObject(with: Data(report.json.utf8)) as? [String: Any])
        #expect(object["clean"] as? Bool == false)
        #expect(object["seconds"] as? Double == 0.5)
        let failures = try #require(object["failures"] as? [[String: Any]])
        #expect(failures[0]["reason"] as? String == "say \"\\\n\" é")
        let lost = try #require((object["verified"] as? [String: Any])?["lost"] as? [String: Any])
        #expect(lost["count"] as? Int == 2)
        #expect(lost["first"] as? [[Int]] == [[1, 4, 5]])
    }
}
