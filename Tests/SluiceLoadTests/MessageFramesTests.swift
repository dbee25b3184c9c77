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
        var output = MessageFrames(
            MessageForm(fragment: fragment),
            sizes: SizeTable(fixed: size),
            run: sluiceRun,
            masks: MaskSource(seed: 1)
        )
        output.setTimestamp(Array("2025-11-21T08:25:48.123Z".utf8))
        for _ in 0..<2 {
            output.removeAll()
            output.append(17...19, of: 3, deflate: nil)
            #expect(output.logBytes == 3 * size)
            let messages = heard(output.bytes)
            #expect(messages.map(\.payload) == (17...19).map { log(number: $0, size: size) })
            #expect(messages.allSatisfy { $0.frames == frames })
        }
    }

    @Test func logsOfManySizesAreReadBackAndTheirSizesFollowFromTheirNames() {
        let sizes = SizeTable(.uniform(100...3_000), seed: 5)
        var output = MessageFrames(MessageForm(), sizes: sizes, run: sluiceRun, masks: MaskSource(seed: 1))
        output.setTimestamp(Array("2025-11-21T08:25:48.123Z".utf8))
        output.append(1...500, of: 3, deflate: nil)
        let messages = heard(output.bytes).map(\.payload)
        for (number, message) in zip(1..., messages) {
            #expect(message.count == sizes.size(connection: 3, number: number))
            #expect(
                LogForm.read(message.span.bytes, run: sluiceRun, sizes: sizes) == .intact(connection: 3, number: number)
            )
        }
        #expect(messages.count == 500 && Set(messages.map(\.count)).count > 100)
        let other = SizeTable(.uniform(100...3_000), seed: 6)
        let same = messages.filter { LogForm.read($0.span.bytes, run: sluiceRun, sizes: other) != .damaged(nil) }
        #expect(messages.count == same.count)
    }

    @Test(arguments: [Profile.Joining.array, .lines])
    func joinedLogsAreOneMessage(joining: Profile.Joining) throws {
        var output = MessageFrames(
            MessageForm(joining: joining, isBinary: joining == .lines, fragment: 512, mask: 0x7856_3412),
            sizes: SizeTable(fixed: 200),
            run: sluiceRun,
            masks: MaskSource(seed: 1)
        )
        output.setTimestamp(Array("2025-11-21T08:25:48.123Z".utf8))
        output.append(17...19, of: 3, deflate: nil)
        let messages = heard(output.bytes)
        let logs = (17...19).map { log(number: $0) }
        let wanted =
            joining == .lines
            ? logs.flatMap { $0 + [0x0A] } : Array("[".utf8) + logs.joined(separator: [0x2C]) + Array("]".utf8)
        #expect(messages.map(\.payload) == [wanted] && messages[0].frames == 2)
    }

    @Test func whatIsCompressedInflatesToTheLogs() {
        let agreed = DeflateParameters(
            clientWindowBits: 12,
            clientKeepsContext: false,
            serverWindowBits: 15,
            serverKeepsContext: false
        )
        var output = MessageFrames(
            MessageForm(),
            sizes: SizeTable(fixed: 2_000),
            run: sluiceRun,
            masks: MaskSource(seed: 1)
        )
        output.setTimestamp(Array("2025-11-21T08:25:48.123Z".utf8))
        output.append(1...3, of: 3, deflate: agreed)
        var reader = FrameReader(allowsCompression: true)
        let bytes = output.bytes + Array(repeating: 0, count: Masking.padding)
        var offset = 0
        // The other direction of the same connection would say the same of its window.
        var collector = MessageCollector(agreed)
        for number in 1...3 {
            guard case .message(let frame) = reader.next(bytes.span.bytes, at: &offset) else {
                Issue.record("no message \(number)")
                return
            }
            var copy = Array(bytes[frame.offset..<(frame.offset + frame.count)])
            Masking.apply(frame.mask, to: &copy, from: 0)
            collector.begin()
            collector.append(copy.span.bytes)
            let message = collector.end(isCompressed: frame.isCompressed)
            #expect(frame.isCompressed && frame.count < 1_500)
            #expect(message == log(number: number, size: 2_000))
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
