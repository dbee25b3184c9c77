import Testing
import WebSocketWire

@testable import sluice_load

struct MessageFramesTests {
    /// What a server reads: the messages, and in how many frames each came.
    private func heard(_ bytes: [UInt8]) -> [(payload: [UInt8], frames: Int)] {
        // `Masking.copy` reads behind its source.
        let padded = bytes + Array(repeating: 0, count: Masking.padding)
        var reader = FrameReader()
        var offset = 0
        var messages: [(payload: [UInt8], frames: Int)] = []
        func unmasked(_ start: Int, _ count: Int, _ mask: UInt32) -> [UInt8] {
            var copy = Array(padded[start..<(start + count)])
            Masking.apply(mask, to: &copy, from: 0)
            return copy
        }
        while true {
            switch reader.next(bytes.span.bytes, at: &offset) {
            case .message(let frame): messages.append((unmasked(frame.offset, frame.count, frame.mask), 1))
            case .piece(let piece):
                if piece.begins { messages.append(([], 0)) }
                messages[messages.count - 1].payload += unmasked(piece.offset, piece.count, piece.mask)
                messages[messages.count - 1].frames += 1
            default: return messages
            }
        }
    }

    @Test(arguments: [
        (200, nil, 1), (100, nil, 1), (125, nil, 1), (126, nil, 1), (65_535, nil, 1), (65_536, nil, 1), (200, 64, 4),
        (200, 200, 1), (200, 199, 2), (200, 1, 200), (9_000, 4_096, 3),
    ])
    func aServerReadsTheLogsThatWereWritten(size: Int, fragment: Int?, frames: Int) {
        var template = LogTemplate(run: sluiceRun, size: size)
        template.setTimestamp(Array("2025-11-21T08:25:48.123Z".utf8))
        template.setConnection(3)
        var output = MessageFrames(size: size, fragment: fragment, batch: 3, masks: MaskSource(seed: 1))
        for _ in 0..<2 {
            output.removeAll()
            for number in 17...19 {
                template.setNumber(number)
                output.append(template)
            }
            let messages = heard(output.bytes)
            #expect(messages.map(\.payload) == (17...19).map { log(number: $0, size: size) })
            #expect(messages.allSatisfy { $0.frames == frames })
        }
    }

    @Test func noTwoFramesHaveTheSameMask() {
        var masks = MaskSource(seed: 7)
        #expect(Set((0..<1_000).map { _ in masks.next() }).count == 1_000)
    }

    @Test func theWallClockWritesRFC3339() {
        var clock = WallClock()
        clock.tick(second: 1_763_713_548, millisecond: 7)
        #expect(String(decoding: clock.text, as: UTF8.self) == "2025-11-21T08:25:48.007Z")
        clock.tick(second: 1_763_713_548, millisecond: 999)
        #expect(String(decoding: clock.text, as: UTF8.self) == "2025-11-21T08:25:48.999Z")
    }
}
