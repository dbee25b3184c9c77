import CVector
import LogPipeline
import PolicyOracle
import Testing

/// Logs that were marked as they were copied become what others become.
@Suite struct MarkedLogTests {
    @Test func aMarkedLogBecomesWhatItBecomesWithoutMarks() {
        var random = Seeded(7)
        for round in 0..<3_000 {
            let text = Self.text(&random, length: round % 300)
            #expect(Self.commit(text, isMarked: true) == Self.commit(text, isMarked: false), "\(text)")
        }
    }

    /// Every length around those at which a text's marks need another word, with what ends the object at each place.
    @Test(arguments: [#""}"#, #"""#, "}", #"\"}"#])
    func whereAWordOfMarksEndsNothingElseDoes(ending: String) {
        for length in 20...330 {
            var text = Array(#"{"timestamp":"1","m":""#.utf8)
            text += Array(repeating: 0x78, count: max(0, length - text.count - 2))
            text += Array(ending.utf8)
            let judgement = PolicyOracle.judge(text, kind: .text)
            #expect(PolicyOracle.contradiction(text, judgement) == nil, "\(judgement) of \(text.count) bytes")
            #expect(Self.commit(text, isMarked: true) == Self.commit(text, isMarked: false))
        }
    }

    /// Reservations of every size that ends near the end of a chunk, each with its room: what is written behind one
    /// never reaches another.
    @Test func theRoomBehindALogIsItsOwn() {
        for count in 0...330 { #expect(PaddedText.behind(count) == 64 + (count / 64 + 1) * 8) }
        for size in 3_300...4_200 {
            var writer = makeWriter { $0.chunkBytes = 4_096 }
            let long = Array(#"{"timestamp":""#.utf8) + Array(repeating: 0x79, count: size) + Array(#""}"#.utf8)
            let short = Array(#"{"timestamp":"short"}"#.utf8)
            for text in [short, long, short, long, short] {
                #expect(Self.put(text, in: &writer, isMarked: true) == .accepted)
            }
            let texts = writer.sealAll().flatMap(\.texts).map { Array($0.utf8) }
            #expect(texts == [short, long, short, long, short])
        }
    }

    private static func text(_ random: inout Seeded, length: Int) -> [UInt8] {
        let pieces = [
            #"{"timestamp":"x","#, #""a":"b","#, #""c": "d", "#, #""\u0074imestamp":2,"#, #""n":[1,{"timestamp":"#,
            "\"",
            "\\", "\n", "}", "]", #""e":"f"}"#, " ", "é", "\u{1F600}", "0", "\u{0}", "plain text ",
        ]
        var text: [UInt8] = []
        while text.count < length { text += Array(pieces.randomElement(using: &random)!.utf8) }
        if length > 3, Bool.random(using: &random) { text[Int.random(in: 0..<text.count, using: &random)] ^= 0x80 }
        return text
    }

    private struct Fate: Equatable {
        let admission: Admission
        let records: [[UInt8]]
    }

    private static func commit(_ text: [UInt8], isMarked: Bool) -> Fate {
        var writer = makeWriter()
        let admission = put(text, in: &writer, isMarked: isMarked)
        let records = writer.sealAll().flatMap { batch in
            batch.records.map { Array(UnsafeRawBufferPointer(start: $0.payload, count: Int($0.count))) }
        }
        return Fate(admission: admission, records: records)
    }

    private static func put(_ text: [UInt8], in writer: inout LogWriter, isMarked: Bool) -> Admission {
        let room = writer.reserve(text.count)
        // The copy works on whole vectors.
        let padded = text + Array(repeating: 0x22, count: 64)
        padded.withUnsafeBytes { source in
            if isMarked {
                let marks = PaddedText.marks(room, count: text.count)
                cv_copy_marked(room, source.baseAddress!, text.count, 0, marks)
            } else {
                room.copyMemory(from: source.baseAddress!, byteCount: text.count)
            }
        }
        return writer.commit(
            text.count,
            kind: .text,
            codec: .json,
            lane: 0,
            at: morning,
            isMarked: isMarked
        )
    }
}
