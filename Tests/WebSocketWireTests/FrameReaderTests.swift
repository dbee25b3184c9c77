import Testing
import WebSocketOracle
import WebSocketWire

@Suite struct FrameReaderTests {
    @Test func isSmallAndOwnsNothingWhileIdle() {
        #expect(MemoryLayout<FrameReader>.size <= 64)
    }

    @Test(arguments: [FrameReader.Role.server, .client])
    func everyCutInTwoOfARichScriptSaysTheSame(role: FrameReader.Role) {
        let script = Script(role: role).rich()
        let expected = ReferenceReader.read(script.bytes, role: role)
        #expect(expected == script.expected)
        for cut in 0...script.bytes.count {
            #expect(Transcript.read(script.bytes, role: role, cuts: [cut]) == expected, "cut at \(cut)")
        }
        #expect(Transcript.read(script.bytes, role: role, cuts: Array(0...script.bytes.count)) == expected)
    }

    @Test(arguments: [FrameReader.Role.server, .client])
    func everyCutInThreeOfAShortScriptSaysTheSame(role: FrameReader.Role) {
        let script = Script(role: role).short()
        for first in 0...script.bytes.count {
            for second in first...script.bytes.count {
                let said = Transcript.read(script.bytes, role: role, cuts: [first, second])
                #expect(said == script.expected, "cuts at \(first) and \(second)")
            }
        }
    }

    @Test(arguments: 0..<40)
    func streamsOfChanceSayWhatWasWritten(seed: Int) {
        let role: FrameReader.Role = seed % 2 == 0 ? .server : .client
        var random = SeededRandom(seed: UInt64(seed))
        let script = Script(role: role).random(longest: seed % 4 == 0 ? 65_536 : 1_000, using: &random)
        for _ in 0..<4 {
            let count = Int.random(in: 0...20, using: &random)
            let cuts = (0..<count).map { _ in Int.random(in: 0...script.bytes.count, using: &random) }.sorted()
            #expect(Transcript.read(script.bytes, role: role, cuts: cuts) == script.expected)
        }
        #expect(ReferenceReader.read(script.bytes, role: role) == script.expected)
    }

    @Test(arguments: 0..<60)
    func damagedStreamsSayWhatTheReferenceSays(seed: Int) {
        let role: FrameReader.Role = seed % 2 == 0 ? .server : .client
        var random = SeededRandom(seed: UInt64(seed) + 1_000)
        var bytes = Script(role: role).random(longest: 126, using: &random).bytes
        for _ in 0..<8 {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
            #expect(Oracle.checkFrames(bytes, role: role, seed: UInt8(place % 256)) == nil)
        }
    }
}
