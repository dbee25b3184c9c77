import LogPipeline
import PolicyOracle
import Testing

struct LogSplitterTests {
    private func split(_ message: String, _ split: Split, cuts: [Int] = []) -> SplitOracle.Outcome? {
        try? SplitRun.outcome(Array(message.utf8), split, cuts: cuts).get()
    }

    private func logs(_ texts: String..., malformed: Bool = false) -> SplitOracle.Outcome {
        SplitOracle.Outcome(logs: texts.map { Array($0.utf8) }, isMalformed: malformed)
    }

    @Test func eachLineIsALog() {
        #expect(split("a\nb\n", .lines) == logs("a", "b"))
        #expect(split("a\r\n\r\n \t\r\n\n  b \nlast", .lines) == logs("a", "  b ", "last"))
        #expect(split("a\r\r\nb\rc\nd\r", .lines) == logs("a\r", "b\rc", "d"))
        #expect(split("{\"a\":1}{\"b\":2}\n[1,2]", .lines) == logs("{\"a\":1}{\"b\":2}", "[1,2]"))
        #expect(split("", .lines) == logs())
        #expect(split("\n \n", .lines) == logs())
    }

    @Test func eachElementIsALog() {
        #expect(
            split("[{\"a\":[1,{}]},  {\"b\":\"]},\\\"\"} ]\n", .array) == logs("{\"a\":[1,{}]}", "{\"b\":\"]},\\\"\"}")
        )
        #expect(
            split(" [1, -2.5e+3 ,true,null,\"a b\",[[]]]", .array)
                == logs("1", "-2.5e+3", "true", "null", "\"a b\"", "[[]]")
        )
        #expect(split("[]", .array) == logs())
        #expect(split(" [ ] ", .array) == logs())
        // What is within an element is the policy's business.
        #expect(split("[{\"a\":]},{\"b\":1}]", .array) == logs("{\"a\":]}", "{\"b\":1}"))
    }

    @Test func whatIsNoArrayIsMalformedFromThere() {
        #expect(split("", .array) == logs(malformed: true))
        #expect(split("{}", .array) == logs(malformed: true))
        #expect(split("[{}", .array) == logs("{}", malformed: true))
        #expect(split("[{},", .array) == logs("{}", malformed: true))
        #expect(split("[{},]", .array) == logs("{}", malformed: true))
        #expect(split("[,{}]", .array) == logs(malformed: true))
        #expect(split("[{} {}]", .array) == logs("{}", malformed: true))
        #expect(split("[{}] []", .array) == logs("{}", malformed: true))
        #expect(split("[{},{\"a\"", .array) == logs("{}", malformed: true))
        #expect(split("[{}}", .array) == logs("{}", malformed: true))
        #expect(split("[1,tru]", .array) == logs("1", malformed: true))
        #expect(split("[01]", .array) == logs(malformed: true))
        #expect(split("[1", .array) == logs(malformed: true))
        #expect(split("\u{FEFF}[]", .array) == logs(malformed: true))
    }

    @Test func autoTakesArraysLinesAndObjectsBehindEachOther() {
        #expect(split(" \n[{\"a\":1},{}]", .auto) == logs("{\"a\":1}", "{}"))
        #expect(split("{\"a\":1}\n{\"b\":2}\n", .auto) == logs("{\"a\":1}", "{\"b\":2}"))
        #expect(split("{\"a\":\"}{\"}{\"b\":{}} {}\r\n{}", .auto) == logs("{\"a\":\"}{\"}", "{\"b\":{}}", "{}", "{}"))
        #expect(split("plain {} text\n[1]\n", .auto) == logs("plain {} text", "[1]"))
        #expect(split("{\"a\":\n1}", .auto) == logs("{\"a\":", "1}"))
        #expect(split("{}, {} ", .auto) == logs("{}", ", {} "))
        #expect(split("", .auto) == logs())
    }

    @Test func aLineThatBeginsWithABracketIsText() {
        #expect(split("[INFO] started\n[2024-01-01] {}\n", .auto) == logs("[INFO] started", "[2024-01-01] {}"))
        #expect(split("[ {}, 1", .auto) == logs("{}", malformed: true))
        #expect(split("[", .auto) == logs(malformed: true))
        for cut in 0...3 { #expect(split(" [x]", .auto, cuts: [cut]) == logs(" [x]")) }
        for cut in 0...3 { #expect(split(" \n[{}]", .auto, cuts: [cut, cut + 1]) == logs("{}")) }
    }

    @Test func noneIsOneLog() {
        #expect(split("a\nb", .none, cuts: [1]) == logs("a\nb"))
        #expect(split("", .none) == logs(""))
    }

    @Test func eachByteAloneMeansTheSame() {
        let messages = [
            "[{\"a\":\"\\\\\\\"]\"},true, -1.5E-3, [\"x\"]]", " \r\n\t{\"a\\\"\":{}}\r {}x\r\r\n\r", "[]\n[",
            "a\r\n \r\n b", "\r[x",
        ]
        for message in messages {
            let bytes = Array(message.utf8)
            for split in [Split.lines, .array, .auto, .none] {
                #expect(SplitOracle.fault(bytes, split, cuts: Array(0..<bytes.count)) == nil, "\(message) \(split)")
                for cut in 0..<bytes.count {
                    #expect(SplitOracle.fault(bytes, split, cuts: [cut]) == nil, "\(message) \(cut)")
                }
            }
        }
    }

    /// Messages of what matters to a splitter, and others damaged a little, in pieces of any size.
    @Test(arguments: 0..<16)
    func anyCutsMeanTheSame(seed: Int) {
        var random = Seeded(UInt64(seed))
        let words = [
            "{", "}", "[", "]", ",", "\"", "\\", "\n", "\r", "\r\n", " ", "\t", "{\"a\":1}", "{\"b\":\"x\\\"y\"}",
            "-1.5", "null", "text",
            "\"long string that takes more than one vector of sixteen bytes\"", "[{},{}]", "é",
        ]
        for _ in 0..<1_500 {
            let count = Int.random(in: 0..<12, using: &random)
            var message = (0..<count).flatMap { _ in Array(words.randomElement(using: &random)!.utf8) }
            if Bool.random(using: &random) { message = Array("[{\"a\":[{}]},".utf8) + message + Array("]".utf8) }
            var cuts: [Int] = []
            for _ in 0..<Int.random(in: 0..<6, using: &random) {
                cuts.append(Int.random(in: 0...message.count, using: &random))
            }
            for split in [Split.lines, .array, .auto] {
                let fault = SplitOracle.fault(message, split, cuts: cuts)
                #expect(fault == nil, "\(String(decoding: message, as: UTF8.self)) \(cuts) \(split)")
            }
        }
    }

    @Test func whatBeatsAndAgentsSendIsCutRightHoweverLong() {
        var random = Seeded(7)
        let objects = (0..<2_000).map { number in
            "{\"date\":\(number).5,\"log\":\"\(String(repeating: "x", count: number % 300))\\n\",\"k\":{\"a\":[1,{\"b\":\"}\"}]}}"
        }
        let wanted = SplitOracle.Outcome(logs: objects.map { Array($0.utf8) })
        let forms: [(String, [Split])] = [
            ("[" + objects.joined(separator: ",") + "]", [.array, .auto]),
            (objects.joined(separator: "\n") + "\n", [.lines, .auto]),
            (objects.joined(), [.auto]),
        ]
        for (text, splits) in forms {
            let message = Array(text.utf8)
            let cuts = (0..<200).map { _ in Int.random(in: 0..<message.count, using: &random) }
            for split in splits { #expect((try? SplitRun.outcome(message, split, cuts: cuts).get()) == wanted) }
        }
    }
}
