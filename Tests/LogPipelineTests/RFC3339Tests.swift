import Foundation
import LogPipeline
import Testing

struct RFC3339Tests {
    private func parse(_ text: String) -> Int64? { RFC3339.unixMilliseconds(Array(text.utf8).span) }

    private func render(_ milliseconds: Int64) -> String {
        let text = RFC3339.text(unixMilliseconds: milliseconds)
        return String(decoding: text.indices.map { text[$0] }, as: UTF8.self)
    }

    @Test func knownMomentsAreWrittenAndRead() {
        let moments: [(Int64, String)] = [
            (0, "1970-01-01T00:00:00.000Z"), (1_795_247_360_123, "2026-11-21T07:49:20.123Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"), (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        ]
        for (milliseconds, text) in moments {
            #expect(render(milliseconds) == text)
            #expect(parse(text) == milliseconds)
        }
    }

    @Test func yearsBeyondFourDigitsAreClamped() {
        #expect(render(.max) == "9999-12-31T23:59:59.999Z")
        #expect(render(.min) == "0000-01-01T00:00:00.000Z")
    }

    @Test func foundationAgrees() {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        var random = Seeded(3)
        for _ in 0..<2_000 {
            // From the year 1600 on: Foundation's calendar is the Julian one before 1582.
            let second = Int64.random(in: -11_676_096_000...253_402_300_799, using: &random)
            let moment = second * 1000 + Int64.random(in: 0...999, using: &random)
            let text = render(moment)
            #expect(parse(text) == moment)
            let date = Date(timeIntervalSince1970: Double(second))
            #expect(date.formatted(style).prefix(19) == text.prefix(19))
        }
    }

    @Test func offsetsFractionsAndLeapSecondsAreRead() {
        let noon = parse("2026-11-21T12:00:00Z")
        #expect(parse("2026-11-21T13:30:00+01:30") == noon)
        #expect(parse("2026-11-21T00:00:00-12:00") == noon)
        #expect(parse("2026-11-21t12:00:00z") == noon)
        #expect(parse("2026-11-21 12:00:00Z") == noon)
        #expect(parse("2026-11-21T12:00:00.1Z") == noon.map { $0 + 100 })
        #expect(parse("2026-11-21T12:00:00.123999999+00:00") == noon.map { $0 + 123 })
        #expect(parse("2026-11-21T11:59:60Z") == noon)
    }

    @Test(arguments: [
        "", "2026-11-21", "2026-11-21T12:00Z", "2026-11-21T12:00:00", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
        "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-11-31T00:00:00Z", "2026-11-21T24:00:00Z",
        "2026-11-21T12:60:00Z", "2026-11-21T12:00:61Z", "2026-11-21T12:00:00.Z", "2026-11-21T12:00:00ZZ",
        "2026-11-21T12:00:00+1:00", "2026-11-21T12:00:00+0100", "2026-11-21T12:00:00+24:00",
        "2026-11-21T12:00:00.5+01:0", "+026-11-21T12:00:00Z", "2026/11/21T12:00:00Z", "2026-11-21T12:00:00.123",
        "2026-11-21T12:00:0\u{3A}Z",
    ])
    func whatIsNoDateTimeIsRefused(text: String) {
        #expect(parse(text) == nil)
    }
}
