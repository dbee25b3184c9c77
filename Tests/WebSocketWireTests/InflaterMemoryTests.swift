import Testing
import WebSocketOracle
import WebSocketWire

@Suite struct InflaterMemoryTests {
    @Test func nothingIsHeldBeforeTheFirstMessage() {
        #expect(Inflater(windowBits: 15, keepsContext: true).memoryBytes == 0)
    }

    @Test(arguments: [8, 9, 12, 15])
    func awakeItHoldsTheStateAndTheWindowAndAtRestOnlyWhatIsInTheWindow(windowBits: Int) {
        // zlib makes no window of 8 bits, and refers no further back than 250 bytes in one of 9.
        let deflater = ZlibDeflater(windowBits: max(windowBits, 9), keepsContext: true)
        let inflater = Inflater(windowBits: windowBits, keepsContext: true)
        let window = 1 << windowBits
        #expect(InflaterRun.message(deflater.compress(LogTexts.json(0)), into: inflater) == .message(LogTexts.json(0)))
        #expect((window + 1_000...window + 12_000).contains(inflater.memoryBytes))
        inflater.rest()
        #expect(inflater.memoryBytes == 200)
        for number in 1..<300 {
            let log = LogTexts.json(number)
            #expect(InflaterRun.message(deflater.compress(log), into: inflater) == .message(log))
        }
        #expect((window + 1_000...window + 12_000).contains(inflater.memoryBytes))
        inflater.rest()
        #expect(inflater.memoryBytes == window)
        inflater.rest()
        #expect(inflater.memoryBytes == window)
        let log = LogTexts.json(300)
        #expect(InflaterRun.message(deflater.compress(log), into: inflater) == .message(log))
    }

    @Test func withoutTakeoverNothingIsHeldAtRest() {
        let deflater = ZlibDeflater(windowBits: 15, keepsContext: false)
        let inflater = Inflater(windowBits: 15, keepsContext: false)
        for number in 0..<3 {
            let log = LogTexts.json(number)
            #expect(InflaterRun.message(deflater.compress(log), into: inflater) == .message(log))
            inflater.rest()
            #expect(inflater.memoryBytes == 0)
        }
    }

    @Test func withinAMessageThereIsNoRest() {
        let deflater = ZlibDeflater(windowBits: 12, keepsContext: true)
        let inflater = Inflater(windowBits: 12, keepsContext: true)
        let log = LogTexts.json(0, bytes: 2_000)
        let payload = deflater.compress(log, flushes: [1_000])
        let output = UnsafeMutableRawBufferPointer.allocate(byteCount: 4_096, alignment: 1)
        defer { output.deallocate() }
        var produced = 0
        for byte in payload {
            var taken = 0
            let step = withUnsafeBytes(of: byte) { byte in
                inflater.inflate(byte, taken: &taken, into: output, produced: &produced)
            }
            #expect(step == .needInput)
            inflater.rest()
            #expect(inflater.memoryBytes > 4_096)
        }
        #expect(inflater.endMessage(into: output, produced: &produced) == .needInput)
        #expect(Array(output[..<produced]) == log)
    }

    /// Zeros in a thousandth of their bytes: as much work as they are, and no memory.
    @Test func aBombIsInflatedRoomByRoomInConstantMemory() {
        let deflater = ZlibDeflater(windowBits: 15, keepsContext: true, level: 9)
        let inflater = Inflater(windowBits: 15, keepsContext: true)
        let bomb = deflater.compress([UInt8](repeating: 0, count: 64 << 20))
        #expect(bomb.count < 70_000)
        let output = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 1)
        defer { output.deallocate() }
        var taken = 0
        var total = 0
        var most = 0
        bomb.withUnsafeBytes { bomb in
            while true {
                var produced = 0
                let step = inflater.inflate(bomb, taken: &taken, into: output, produced: &produced)
                total += produced
                most = max(most, inflater.memoryBytes)
                if step != .needRoom { break }
            }
        }
        var produced = 0
        #expect(inflater.endMessage(into: output, produced: &produced) == .needInput)
        #expect(total + produced == 64 << 20)
        #expect(most < 45_000)
    }
}
