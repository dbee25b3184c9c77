import Testing
import WebSocketOracle
import WebSocketWire

@Suite struct DeflaterTests {
    @Test func theFirstExampleOfTheRFCIsWhatComesOut() {
        let deflater = Deflater(level: 6, memoryLevel: 8)
        #expect(deflater.compressed(Array("Hello".utf8), windowBits: 15) == [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00])
    }

    @Test(arguments: 8...15)
    func nothingIsOneByte(windowBits: Int) {
        let deflater = Deflater(level: 1, memoryLevel: 8)
        for _ in 0..<2 { #expect(deflater.compressed([], windowBits: windowBits) == [0x00]) }
    }

    @Test func thePayloadIsAppended() {
        let deflater = Deflater(level: 1, memoryLevel: 8)
        let alone = deflater.compressed([1, 2, 3], windowBits: 15)
        var bytes: [UInt8] = [9, 9]
        ([1, 2, 3] as [UInt8]).withUnsafeBytes { deflater.compress($0, windowBits: 15, into: &bytes) }
        #expect(bytes == [9, 9] + alone)
    }

    @Test(arguments: 8...15)
    func messagesOfEverySizeAreThoseThatWentInForAReceiverWithThatWindow(windowBits: Int) {
        let deflater = Deflater(level: 1 + windowBits % 9, memoryLevel: windowBits - 7)
        let inflater = Inflater(windowBits: windowBits, keepsContext: true)
        // Output byte by byte, so that nothing but the window is there to refer to.
        var narrow = InflaterRun.Manner()
        narrow.rooms = [1]
        for size in [1, 2, 100, 255, 256, 257, 4_096, 16_383, 40_000, 65_535, 65_536, 140_000] {
            let message = LogTexts.json(size, bytes: size)
            let payload = deflater.compressed(message, windowBits: windowBits)
            #expect(InflaterRun.message(payload, into: inflater, narrow) == .message(message))
        }
    }

    /// What does not shrink grows by little, and by whole blocks at most.
    @Test func whatCannotBeCompressedIsWholeAsWell() {
        var random = SeededRandom(seed: 7)
        let deflater = Deflater(level: 1, memoryLevel: 8)
        for size in [10, 1_000, 16_384, 100_000] {
            let message = (0..<size).map { _ in UInt8.random(in: 0...255, using: &random) }
            let payload = deflater.compressed(message, windowBits: 12)
            #expect(payload.count < size + 16 + size / 256)
            let inflater = Inflater(windowBits: 12, keepsContext: false)
            #expect(InflaterRun.message(payload, into: inflater) == .message(message))
        }
    }

    @Test func noMessageKnowsOfTheOneBefore() {
        let deflater = Deflater(level: 9, memoryLevel: 9)
        let first = deflater.compressed(LogTexts.json(1), windowBits: 12)
        _ = deflater.compressed(LogTexts.json(2, bytes: 3_000), windowBits: 12)
        #expect(deflater.compressed(LogTexts.json(1), windowBits: 12) == first)
    }
}

extension Deflater {
    fileprivate func compressed(_ message: [UInt8], windowBits: Int) -> [UInt8] {
        var payload: [UInt8] = []
        message.withUnsafeBytes { compress($0, windowBits: windowBits, into: &payload) }
        return payload
    }
}
