import Testing
import WebSocketOracle
import WebSocketWire

@Suite struct InflaterTests {
    private static let hello = Array("Hello".utf8)

    /// RFC 7692 section 7.2.3, each message behind the ones before.
    static let examples: [(what: String, payload: [UInt8], message: [UInt8])] = [
        ("7.2.3.1", [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00], hello),
        ("7.2.3.2, context kept", [0xF2, 0x00, 0x11, 0x00, 0x00], hello),
        ("7.2.3.3, not compressed", [0x00, 0x05, 0x00, 0xFA, 0xFF, 0x48, 0x65, 0x6C, 0x6C, 0x6F, 0x00], hello),
        ("7.2.3.4, a final block", [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00], hello),
        (
            "7.2.3.5, two blocks",
            [0xF2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xCA, 0xC9, 0xC9, 0x07, 0x00], hello
        ),
        ("7.2.3.6, nothing", [0x00], []),
    ]

    @Test func theExamplesOfTheRFCAreUnderstoodWhereverTheyAreCut() {
        for room in [1, 2, 3, 65_536] {
            for isLastKnown in [false, true] {
                for cut in 0...13 {
                    let inflater = Inflater(windowBits: 15, keepsContext: true)
                    for example in Self.examples {
                        var manner = InflaterRun.Manner()
                        manner.rooms = [room, 0]
                        manner.cuts = [min(cut, example.payload.count)]
                        manner.isLastKnown = isLastKnown
                        let outcome = InflaterRun.message(example.payload, into: inflater, manner)
                        #expect(
                            outcome == .message(example.message),
                            "\(example.what) in rooms of \(room), cut at \(cut)"
                        )
                    }
                }
            }
        }
    }

    @Test(arguments: ZlibDeflater.Ending.allCases, [true, false])
    func everyWayToEndAMessageIsTaken(ending: ZlibDeflater.Ending, keepsContext: Bool) {
        let deflater = ZlibDeflater(windowBits: 12, keepsContext: keepsContext)
        let inflater = Inflater(windowBits: 12, keepsContext: keepsContext)
        for number in 0..<40 {
            let message = number % 7 == 3 ? [] : LogTexts.json(number, bytes: 50 + 30 * number)
            let payload = deflater.compress(
                message,
                ending: ending,
                flushes: number % 3 == 0 ? [message.count / 2] : []
            )
            #expect(InflaterRun.message(payload, into: inflater) == .message(message))
            if number % 5 == 0 { inflater.rest() }
        }
    }

    @Test func aFinalBlockThatTheTailClosesIsTaken() {
        let inflater = Inflater(windowBits: 15, keepsContext: true)
        #expect(InflaterRun.message([0x01], into: inflater) == .message([]))
        #expect(InflaterRun.message(Self.examples[0].payload, into: inflater) == .message(Self.hello))
    }

    @Test func aMessageOfNoBytesAtAllIsEmpty() {
        let inflater = Inflater(windowBits: 15, keepsContext: true)
        for isLastKnown in [false, true] {
            var manner = InflaterRun.Manner()
            manner.isLastKnown = isLastKnown
            #expect(InflaterRun.message([], into: inflater, manner) == .message([]))
            #expect(InflaterRun.message(Self.examples[0].payload, into: inflater, manner) == .message(Self.hello))
        }
    }

    @Test(
        arguments: [
            // A block of the reserved type, a stored length that contradicts itself, a distance before the beginning.
            [0x07], [0x00, 0x05, 0x00, 0x00, 0x00], [0x02, 0x08, 0x20, 0x80, 0x00],
            // Cut within a block, so that the tail becomes part of it; not cut off; two empty blocks short.
            [0xF2, 0x48, 0xCD, 0xC9], [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00, 0x00, 0xFF, 0xFF],
            [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0xFF], [0x00, 0x00],
        ] as [[UInt8]]
    )
    func whatIsNoDeflateIsCorruptWhereverItIsCutAndStaysSo(payload: [UInt8]) {
        for cut in 0...payload.count {
            for isLastKnown in [false, true] {
                var manner = InflaterRun.Manner()
                manner.rooms = [1, 65_536]
                manner.cuts = [cut]
                manner.isLastKnown = isLastKnown
                let inflater = Inflater(windowBits: 15, keepsContext: true)
                let outcome = InflaterRun.message(payload, into: inflater, manner)
                guard case .corrupt = outcome else {
                    Issue.record("\(payload) cut at \(cut): \(outcome)")
                    continue
                }
                inflater.rest()
                #expect(InflaterRun.message(Self.examples[0].payload, into: inflater) == .corrupt([]))
                #expect(InflaterRun.message([], into: inflater) == .corrupt([]))
                #expect(inflater.memoryBytes == 0)
            }
        }
    }

    @Test func withoutTakeoverAMessageMayNotReferToTheOneBefore() {
        let inflater = Inflater(windowBits: 15, keepsContext: false)
        #expect(InflaterRun.message(Self.examples[0].payload, into: inflater) == .message(Self.hello))
        guard case .corrupt = InflaterRun.message(Self.examples[1].payload, into: inflater) else {
            Issue.record("the message before is still there")
            return
        }
    }

    @Test(arguments: 8...15)
    func aConversationIsTheSameForEveryWindowWithRestsAndCutsOfChance(windowBits: Int) {
        for keepsContext in [true, false] {
            var random = SeededRandom(seed: UInt64(windowBits))
            let deflater = ZlibDeflater(windowBits: max(windowBits, 9), keepsContext: keepsContext)
            let inflater = Inflater(windowBits: windowBits, keepsContext: keepsContext)
            var reference = ReferenceInflate(keepsContext: keepsContext)
            for number in 0..<150 {
                let size = [0, 60, 200, 200, 1_000, 5_000].randomElement(using: &random) ?? 0
                let message = size == 0 ? [] : LogTexts.json(number, bytes: size)
                let payload = deflater.compress(message)
                let manner = InflaterRun.Manner.chance(payload.count, using: &random)
                #expect(InflaterRun.message(payload, into: inflater, manner) == .message(message))
                #expect(reference.message(payload) == message)
                if Int.random(in: 0..<3, using: &random) == 0 { inflater.rest() }
            }
        }
    }

    @Test(arguments: 0..<40)
    func damagedPayloadsAreWhatTheReferenceSays(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        let deflater = ZlibDeflater(windowBits: 15, keepsContext: true, level: seed % 10)
        var bytes: [UInt8] = []
        for number in 0..<4 { bytes += deflater.compress(LogTexts.json(number, bytes: 300)) }
        for _ in 0..<20 {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
            let fault = DeflateOracle.checkAnything(
                bytes,
                windowBits: 15,
                keepsContext: Bool.random(using: &random),
                seed: UInt8(place % 256)
            )
            #expect(fault == nil)
        }
    }
}
