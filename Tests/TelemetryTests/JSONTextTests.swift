import Foundation
import Testing

@testable import Telemetry

@Suite struct JSONTextTests {
    /// By a reader that somebody else has written.
    private func read(_ json: String) throws -> String {
        let value = try JSONSerialization.jsonObject(with: Data(json.utf8), options: .fragmentsAllowed)
        return try #require(value as? String)
    }

    @Test func whatIsReadIsWhatWasWritten() throws {
        var texts = (0..<0x300).compactMap { Unicode.Scalar($0) }.map { "a\(Character($0))b" }
        texts += ["", "\"", "\\", "\\\"", "\\u0041", "\r\n", "\u{2028}", "\u{2029}", "a\u{FEFF}b", "\u{FFFE}"]
        texts += ["é", "e\u{301}", "漢字", "😀", "\u{10FFFF}", "</script>", "a\u{0}b"]
        for text in texts {
            let json = JSONText.quoted(text)
            let read = try read(json)
            // Two strings are equal in Swift that differ in how they are composed.
            #expect(Array(read.utf8) == Array(text.utf8), "\(json)")
        }
    }

    @Test func whatATerminalOrAReaderOfLinesWouldActUponIsNotThere() {
        let controls: [UInt32] = Array(0..<0x20) + Array(0x7F...0x9F) + [0x2028, 0x2029]
        for value in controls {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let json = JSONText.quoted(String(Character(scalar)))
            #expect(json.unicodeScalars.allSatisfy { (0x20..<0x7F).contains($0.value) }, "U+\(value)")
        }
    }

    @Test func howItLooks() {
        let text = "a\"b\\c/\n\r\t\u{8}\u{1F}\u{7F}\u{9B}\u{2028}é"
        #expect(JSONText.quoted(text) == #""a\"b\\c/\n\r\t\u0008\u001f\u007f\u009b\u2028é""#)
        #expect(JSONText.quoted("") == #""""#)
    }

    /// What is not UTF-8 has become something that is before it is a text.
    @Test(arguments: [
        [0xFF], [0xC3], [0x61, 0x80, 0x62], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xC0, 0xAF],
        [0x22, 0xFE, 0x5C],
    ])
    func bytesThatAreNoTextStillMakeJSON(_ bytes: [UInt8]) throws {
        let text = String(decoding: bytes, as: UTF8.self)
        let json = JSONText.quoted(text)
        #expect(String(validating: Array(json.utf8), as: UTF8.self) != nil)
        #expect(try read(json) == text)
    }
}
