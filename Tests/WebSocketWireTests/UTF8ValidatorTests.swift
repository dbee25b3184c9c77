import Testing
import WebSocketOracle
import WebSocketWire

@Suite struct UTF8ValidatorTests {
    @Test(arguments: [[], [0x61, 0x61, 0x61, 0x61]] as [[UInt8]])
    func everyUnicodeScalarIsTaken(rest: [UInt8]) {
        var validator = UTF8Validator()
        var isPossible = true
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value), let bytes = UTF8.encode(scalar) else { continue }
            isPossible = validator.consume((Array(bytes) + rest).span.bytes) && validator.isComplete && isPossible
        }
        #expect(isPossible)
    }

    @Test(arguments: [[], [0x80, 0x61, 0x61], [0xBF, 0xBF, 0x61]] as [[UInt8]])
    func everyPairOfBytesIsWhatTheStandardLibrarySays(rest: [UInt8]) {
        var wrong: [[UInt8]] = []
        for first in UInt8.min ... .max {
            for second in UInt8.min ... .max {
                let bytes = [first, second] + rest
                var validator = UTF8Validator()
                let isValid = validator.consume(bytes.span.bytes) && validator.isComplete
                if isValid != (String(validating: bytes, as: UTF8.self) != nil) { wrong.append(bytes) }
            }
        }
        #expect(wrong == [])
    }

    @Test(arguments: [0x61, 0x80, 0x9F, 0xBF, 0xF0] as [UInt8])
    func threeAndFourBytesAroundEveryLimitAreWhatTheStandardLibrarySays(last: UInt8) {
        let edges: [UInt8] = [0x61, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xED, 0xF4]
        var wrong: [String?] = []
        for first in [0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5] as [UInt8] {
            for second in edges {
                for third in edges {
                    wrong.append(Oracle.checkUTF8([first, second, third], seed: last))
                    wrong.append(Oracle.checkUTF8([first, second, third, last], seed: last))
                }
            }
        }
        #expect(wrong.compactMap(\.self) == [])
    }

    @Test(arguments: 0..<100)
    func damagedTextOfChanceIsWhatTheStandardLibrarySays(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        let alphabet: [Unicode.Scalar] = [
            "a", "b", " ", "\u{7F}", "\u{80}", "ü", "\u{7FF}", "\u{800}", "€", "\u{D7FF}",
        ]
        let rare: [Unicode.Scalar] = ["\u{E000}", "\u{FFFF}", "\u{10000}", "😀", "\u{10FFFF}"]
        var text = ""
        for _ in 0..<Int.random(in: 0...80, using: &random) {
            let from = Int.random(in: 0..<4, using: &random) == 0 ? rare : Array(alphabet.prefix(seed % 10 + 1))
            text.unicodeScalars.append(from.randomElement(using: &random) ?? "a")
        }
        var bytes = Array(text.utf8)
        #expect(Oracle.checkUTF8(bytes, seed: UInt8(seed)) == nil)
        for _ in 0..<20 where !bytes.isEmpty {
            bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0 ... .max, using: &random)
            #expect(Oracle.checkUTF8(bytes, seed: UInt8(seed)) == nil)
        }
    }

    @Test func aByteThatIsNotASCIIIsFoundAtEveryPlace() {
        for count in 1...70 {
            for place in 0..<count {
                var bytes = [UInt8](repeating: 0x61, count: count)
                bytes[place] = 0xFF
                var validator = UTF8Validator()
                #expect(validator.takes(bytes) == false)
            }
        }
    }

    @Test func whatIsBrokenStaysBroken() {
        var validator = UTF8Validator()
        #expect(validator.takes([0x80]) == false)
        #expect(validator.takes([0x61]) == false)
        #expect(validator.takes([UInt8]()) == false)
        #expect(!validator.isComplete)
    }

    @Test func anImpossibleByteIsRefusedBeforeItsCharacterEnds() {
        let impossible: [[UInt8]] = [
            [0xC0], [0xC1], [0xE0, 0x9F], [0xED, 0xA0], [0xF0, 0x8F], [0xF4, 0x90], [0xF5], [0xFF], [0xE2, 0x28],
        ]
        for bytes in impossible {
            var validator = UTF8Validator()
            #expect(validator.takes(Array(bytes.dropLast())) == true)
            #expect(validator.takes(Array(bytes.suffix(1))) == false, "\(bytes)")
        }
    }
}

extension UTF8Validator {
    /// A span is nothing that `#expect` could take apart.
    fileprivate mutating func takes(_ bytes: [UInt8]) -> Bool { consume(bytes.span.bytes) }
}
