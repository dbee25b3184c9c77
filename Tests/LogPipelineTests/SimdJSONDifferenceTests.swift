import CSimdJSON
import LogPipeline
import PolicyOracle
import Testing

struct SimdJSONDifferenceTests {
    @Test(arguments: 0..<8)
    func randomLogsAreJudgedAsSimdJSONDoes(seed: Int) {
        var texts = LogTexts(seed: UInt64(seed))
        var judged: [String: Int] = [:]
        for _ in 0..<4_000 {
            let bytes = PolicyOracle.narrowed(texts.next())
            let judgement = judge(bytes, kind: .binary)
            judged["\(judgement)".prefix { $0 != "(" }.description, default: 0] += 1
            if let fault = PolicyOracle.fault(bytes) {
                Issue.record("\(String(decoding: bytes, as: UTF8.self)) \(bytes): \(fault)")
                return
            }
        }
        #expect(Set(judged.keys).isSuperset(of: ["relay", "addTimestamp", "drop"]))
    }

    @Test func everyCharacterAndEveryBrokenOneIsSeenAtEveryOffset() {
        let characters: [[UInt8]] =
            [
                0x7F, 0x80, 0x7FF, 0x800, 0xFFF, 0x1000, 0xCFFF, 0xD000, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x3FFFF,
                0x40000,
            ]
            .map { Array(String(Unicode.Scalar($0)!).utf8) } + [[0xF4, 0x8F, 0xBF, 0xBF]]
        let broken: [[UInt8]] = [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x41], [0xC2, 0xC2], [0xDF, 0xBF, 0x80],
            [0xE0, 0x9F, 0xBF], [0xE0, 0xA0], [0xE1, 0x80], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xEF, 0xBF],
            [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x90, 0x80], [0xF1, 0x80], [0xF4, 0x90, 0x80, 0x80],
            [0xF5, 0x80, 0x80, 0x80],
            [0xFF], [0xFE], [0xF8, 0x88, 0x80, 0x80, 0x80],
        ]
        for offset in 0..<40 {
            for fill in [Array("a".utf8), Array("é".utf8), Array("€".utf8), Array("😀".utf8)] {
                let before = Array(repeating: fill, count: offset).flatMap(\.self)
                for character in characters {
                    #expect(judge(before + character) == .wrap(growth: 0))
                    #expect(judge(before + character + fill) == .wrap(growth: 0))
                }
                for bytes in broken {
                    #expect(judge(before + bytes) == .invalidUTF8Text, "\(offset) \(bytes)")
                    #expect(judge(before + bytes + Array("abcdefghijklmnopqrst".utf8)) == .invalidUTF8Text)
                    #expect(judge(Array("{\"".utf8) + before + bytes + Array("\":1}".utf8)) == .invalidUTF8Text)
                }
            }
        }
    }

    @Test func wrappedTextReadsBackAsItWas() {
        var random = Seeded(11)
        var writer = makeWriter()
        for length in 0..<400 {
            let text: [UInt8] =
                Array("t".utf8) + (0..<length).map { _ in UInt8.random(in: 0..<128, using: &random) }
            let admission = writer.commit(text)
            #expect(admission == .accepted)
            let batches = writer.sealAll()
            let record = batches[0].records[0]
            let bytes = UnsafeRawBufferPointer(start: record.payload, count: Int(record.count))
            let same = bytes.withMemoryRebound(to: UInt8.self) { encoded in
                text.withUnsafeBufferPointer { original in
                    simdjson_member_is(
                        encoded.baseAddress,
                        encoded.count,
                        "message",
                        original.baseAddress,
                        original.count
                    )
                }
            }
            #expect(same == 1)
            writer.settleAll(batches)
        }
    }
}
