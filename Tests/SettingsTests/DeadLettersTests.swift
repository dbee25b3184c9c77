import Testing

@testable import Settings

struct DeadLettersTests {
    private func load(_ text: String) throws(SettingsErrors) -> Settings {
        try Settings.load(text: Array(text.utf8), name: "s.yml").settings
    }

    private func complaint(_ text: String) -> String {
        do throws(SettingsErrors) {
            _ = try load(text)
            return ""
        } catch {
            return error.errors.map(\.description).joined(separator: "\n")
        }
    }

    @Test func theyAreOffUnlessAskedFor() throws {
        #expect(try load("").deadLetters == nil)
        #expect(try load("dead_letters: off").deadLetters == nil)
        #expect(try load("").routes.allSatisfy { $0.deadLetters == nil })
    }

    @Test func aRouteTakesWhatItDoesNotSayFromFurtherOut() throws {
        let settings = try load(
            """
            dead_letters: {topic: refused, content_bytes: 1KiB}
            routes:
              - path: /a
              - path: /b
                dead_letters: off
              - path: /c
                dead_letters: {topic: others}
              - path: /d
                dead_letters.content_bytes: 0
            """
        )
        var expected = DeadLetters(topic: "refused", contentBytes: 1_024)
        #expect(settings.deadLetters == expected)
        #expect(settings.routes[0].deadLetters == expected)
        #expect(settings.routes[1].deadLetters == nil)
        expected.topic = "others"
        #expect(settings.routes[2].deadLetters == expected)
        #expect(settings.routes[3].deadLetters == DeadLetters(topic: "refused"))
    }

    @Test func aRouteMayHaveThemAlone() throws {
        let settings = try load("routes: [{path: /a, dead_letters: {topic: refused}}, {path: /b}]")
        #expect(settings.routes.map(\.deadLetters) == [DeadLetters(topic: "refused"), nil])
    }

    @Test(arguments: [
        ("dead_letters: {content_bytes: 1}", "dead_letters.topic"),
        ("dead_letters: {topic: 'no name'}", "dead_letters.topic"),
        ("dead_letters: {topic: a, content_bytes: 1MiB}", "content_bytes"),
        ("dead_letters: {topic: a, bytes: 1}", "bytes"),
        ("dead_letters: on", "dead_letters"),
        ("dead_letters: {topic: logs}", "is the topic of a route"),
        ("routes: [{path: /a, topic: t}, {path: /b, dead_letters: {topic: t}}]", "routes[1].dead_letters.topic"),
        ("dead_letters: {topic: a}\noutput.console: {}", "needs output.kafka"),
    ])
    func whatCannotBeIsRefused(text: String, words: String) {
        #expect(complaint(text).contains(words), "\(complaint(text))")
    }
}
