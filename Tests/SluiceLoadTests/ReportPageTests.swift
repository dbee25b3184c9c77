import Foundation
import FoundationXML
import Testing

@testable import sluice_load

struct ReportPageTests {
    private func report(_ set: (inout Outcome) -> Void = { _ in }) throws -> Report {
        var arguments = Arguments(url: try TargetURL("ws://a/logs?token=secret"))
        arguments.connections = 2
        arguments.messages = 1_000
        arguments.rate = 100
        var outcome = Outcome()
        outcome.sent = [0: 500, 1: 500]
        outcome.handed = 1_000
        for number in 0..<UInt64(1_000) {
            outcome.writes.record(number * 10_000)
            outcome.timeline.addSent(1, at: number * 10_000_000)
            outcome.timeline.addLatency(number * 10_000, count: 1, at: number * 10_000_000)
        }
        set(&outcome)
        var report = Report(RunSetup(arguments, addresses: [], run: sluiceRun), outcome)
        report.seconds = 10
        return report
    }

    /// A page is XML too but for its first line, its style and the two elements that have no end.
    private func isWellFormed(_ page: String) throws -> Bool {
        let start = try #require(page.firstRange(of: "<body>"))
        let end = try #require(page.firstRange(of: "</body>"))
        return XMLParser(data: Data(page[start.lowerBound..<end.upperBound].utf8)).parse()
    }

    @Test func aPageIsWholeAndNeedsNothingBesideIt() throws {
        let page = ReportPage(report: try report(), command: "sluice-load ws://a/logs").html
        #expect(try isWellFormed(page))
        #expect(page.contains("No findings") && page.contains("1\u{202F}000"))
        #expect(page.components(separatedBy: "<svg").count == 4)
        for word in ["<script", "http://", "https://", "url(", "secret", ",nan", ">nan", "\"nan", ",inf", ">inf"] {
            #expect(!page.lowercased().contains(word), "\(word)")
        }
    }

    @Test func whatAServerSaysStaysText() throws {
        let report = try report { $0.addFailure(1, "closed: <script>&\"</td>") }
        let page = ReportPage(report: report, command: "sluice-load <b>").html
        #expect(try isWellFormed(page))
        #expect(
            page.contains("There are findings") && page.contains("&lt;script&gt;&amp;&quot;") && !page.contains("<b>&")
        )
    }

    @Test func aRunInWhichNothingHappenedHasAPage() throws {
        var arguments = Arguments(url: try TargetURL("ws://a"))
        arguments.profile = .idle
        let report = Report(RunSetup(arguments, addresses: [], run: sluiceRun), Outcome())
        let page = ReportPage(report: report, command: "").html
        #expect(try isWellFormed(page))
        #expect(!page.contains("<svg"))
    }

    @Test func axesHaveRoundMarks() {
        #expect(ChartAxis.linear(upTo: 21_500).marks.map(\.text) == ["0", "5000", "10k", "15k", "20k", "25k"])
        #expect(ChartAxis.linear(upTo: 0).range.upperBound > 0)
        #expect(ChartAxis.logarithmic(0.5, 120).marks.map(\.text) == ["0.1", "1", "10", "100", "1000"])
        #expect(ChartAxis.rarity(upTo: 0.9995).marks.map(\.text) == ["0", "50 %", "90 %", "99 %", "99.9 %"])
        #expect(ChartAxis.short(3_000_000) == "3M")
        let axis = ChartAxis.logarithmic(1, 100)
        #expect(axis.position(1) == 0 && axis.position(10) == 0.5 && axis.position(100) == 1 && axis.position(0) == 0)
        let rare = ChartAxis.rarity(upTo: 0.99)
        #expect(abs(rare.position(0.9) - 0.5) < 1e-9 && rare.position(2) == 1)
    }

    @Test func aCommandIsShownWithoutItsSecrets() {
        let words = [
            "ws://a/logs?token=s3", "--token", "s3", "--header=X: s3", "--kafka", "sasl.password=s3", "--rate", "5",
            "--size", "100-200",
        ]
        let text = ShownCommand.text(words)
        #expect(!text.contains("s3"))
        #expect(
            text == "sluice-load ws://a/logs --token … --header=… --kafka … --rate 5 --size 100-200"
        )
    }

    @Test func millisecondsHaveThreeDigitsThatCount() {
        #expect(Report.milliseconds(123_456) == "0.1235" && Report.milliseconds(1_234_567) == "1.235")
        #expect(Report.milliseconds(12_345_678) == "12.35" && Report.milliseconds(123_456_789) == "123.5")
        #expect(Report.milliseconds(12_345_678_901) == "12346")
    }
}
