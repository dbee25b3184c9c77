import Settings
import Testing

struct YAMLTests {
    @Test(arguments: ["", "\n", "# only a comment\n", "---\n", "~", "{}"])
    func anEmptyFileIsAllDefaults(yaml: String) throws {
        #expect(try load(yaml).maxLen == 983_040)
    }

    @Test func syntaxErrorsHaveALine() {
        let found = errors("max_len: 1KiB\nroutes: [\nloops: 2\n")
        #expect(found.count == 1)
        #expect(found[0].contains("not YAML"))
        #expect(found[0].hasPrefix("a.yml:"))
        #expect(errors("max_len:\t1\n\tloops: 2")[0].hasPrefix("a.yml:2: not YAML"))
        #expect(errors("max_len: \u{0}")[0].contains("not YAML"))
    }

    @Test func bytesThatAreNotUTF8AreRefused() {
        #expect(throws: SettingsErrors.self) {
            try Settings.load(text: [0x61, 0x3A, 0x20, 0xFF, 0xFE], name: "a.yml")
        }
    }

    @Test(arguments: [
        ("loops: 1\nloops: 2", "a.yml:2: loops: is given twice; first at a.yml:1"),
        (
            "output:\n  kafka.topic: a\noutput.kafka:\n  topic: b",
            "a.yml:4: output.kafka.topic: is given twice; first at a.yml:2"
        ),
        (
            "output.kafka: 1\noutput: {kafka: {topic: b}}",
            "a.yml:2: output.kafka: is given twice; first at a.yml:1"
        ),
    ])
    func aKeyGivenTwiceIsAnError(yaml: String, message: String) {
        #expect(errors(yaml).contains(message))
    }

    @Test func duplicatesAreNamedAllAtOnce() {
        #expect(errors("loops: 1\nloops: 2\ndrain: 1s\ndrain: 2s\n").count == 2)
    }

    @Test func aSecondDocumentIsRefused() {
        #expect(errors("loops: 1\n---\nloops: 2\n") == ["a.yml:2: a second document; settings are one"])
    }

    @Test(arguments: ["a..b: 1", ".a: 1", "a.: 1", "'': 1"])
    func keysWithEmptyPartsAreRefused(yaml: String) {
        #expect(errors(yaml)[0].hasSuffix("a key with an empty part"))
    }

    @Test func keysThatAreNotWordsAreRefused() {
        #expect(errors("[a]: 1") == ["a.yml:1: a key must be a single word"])
    }

    @Test func aliasesRepeatValues() throws {
        let settings = try load("max_len: &len 64KiB\nroutes:\n  - {path: /a, max_len: *len}\n")
        #expect(settings.routes[0].maxLen == 65_536)
        #expect(errors("max_len: *len") == ["a.yml:1: max_len: there is no anchor &len above"])
    }

    @Test func aliasesThatMultiplyAreBounded() {
        var yaml = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...20 {
            yaml +=
                "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
                + "]\n"
        }
        #expect(errors(yaml).contains { $0.hasSuffix("more than 10000 values") })
    }

    @Test func anAliasCannotHoldItself() {
        #expect(errors("a: &a [*a]") == ["a.yml:1: a[0]: there is no anchor &a above"])
    }

    @Test func depthIsBounded() {
        let deep = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
        #expect(errors("a: \(deep)")[0].contains("nested deeper than 32 levels"))
        #expect(errors(Array(repeating: "a", count: 40).joined(separator: ".") + ": 1")[0].contains("nested deeper"))
    }
}
