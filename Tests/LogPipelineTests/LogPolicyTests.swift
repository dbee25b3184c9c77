import LogPipeline
import Testing

struct LogPolicyTests {
    @Test func anObjectWithTimestampIsRelayedAsItIs() {
        #expect(judge(#"{"timestamp":1,"message":"x"}"#) == .relay(timestamp: 13..<14))
        #expect(judge(#" {"timestamp":null} "#) == .relay(timestamp: 14..<18))
    }

    @Test func anObjectWithoutTimestampGetsOneBehindItsBrace() {
        #expect(judge(#"{"message":"x"}"#) == .addTimestamp(open: 0, isEmpty: false))
        #expect(judge(" \t\r\n{\"message\":1}") == .addTimestamp(open: 4, isEmpty: false))
        #expect(judge("{}") == .addTimestamp(open: 0, isEmpty: true))
        #expect(judge(" { \n } ") == .addTimestamp(open: 1, isEmpty: true))
    }

    @Test func aTimestampFurtherInsideIsNotTheLogs() {
        #expect(judge(#"{"a":{"timestamp":1}}"#) == .addTimestamp(open: 0, isEmpty: false))
        #expect(judge(#"{"a":[{"timestamp":1}],"b":"timestamp"}"#) == .addTimestamp(open: 0, isEmpty: false))
    }

    @Test(arguments: ["plain", "  ", "[1,2]", "\"text\"", "null", "12", "\u{FEFF}{}", "\n"])
    func otherTextIsWrapped(text: String) {
        let growth = text.utf8.reduce(0) { sum, byte in
            sum + (byte == 0x22 || byte == 0x5C || byte == 0x0A ? 1 : 0)
        }
        #expect(judge(text) == .wrap(growth: growth))
    }

    @Test func textThatBeginsAsAnObjectAndIsNoneIsDropped() {
        for text in ["{", "{\"a\"}", "{} x", "{}{}", "{\"a\":1,}", "{'a':1}", "{\"a\":01}", " {\"a\":\"\u{01}\"}"] {
            #expect(judge(text) == .drop(.invalidJSON), "\(text)")
        }
    }

    @Test func nothingAtAllIsEmpty() {
        #expect(judge("") == .drop(.empty))
        #expect(judge("", kind: .binary, codec: .raw) == .drop(.empty))
    }

    @Test func rawIsNotLookedAt() {
        #expect(judge([0xFF, 0x00], kind: .binary, codec: .raw) == .relay(timestamp: nil))
        #expect(judge("{", codec: .raw) == .relay(timestamp: nil))
    }

    @Test(
        arguments: [
            [0x78, 0xFF], [0x7B, 0x22, 0xC3, 0x22, 0x3A, 0x31, 0x7D], [0x7B, 0x7D, 0x20, 0xC3],
            [0x7B, 0x78, 0x20, 0x80],
            [0x7B, 0x22, 0x61, 0x22, 0x3A, 0x30, 0x31, 0x7D, 0xED, 0xA0, 0x80],
        ] as [[UInt8]]
    )
    func badUTF8AnywhereGoesBeforeBadJSON(bytes: [UInt8]) {
        #expect(judge(bytes, kind: .text) == .invalidUTF8Text)
        #expect(judge(bytes, kind: .binary) == .drop(.invalidUTF8))
    }

    @Test func binaryThatIsUTF8IsTreatedLikeText() {
        #expect(judge("zwölf", kind: .binary) == .wrap(growth: 0))
        #expect(judge("{\"ö\":1}", kind: .binary) == .addTimestamp(open: 0, isEmpty: false))
    }
}
