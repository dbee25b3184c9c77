import Testing
import WebSocketOracle
import WebSocketWire

/// RSV1 where permessage-deflate was agreed on (RFC 7692 section 6).
@Suite struct CompressedFrameTests {
    private static func script(_ role: FrameReader.Role) -> Script {
        var script = Script(role: role)
        script.message(.text, Script.bytes(60), isCompressed: true)
        script.message(.text, Script.bytes(60))
        for count in [0, 1, 125, 126, 300] { script.message(.binary, Script.bytes(count), isCompressed: true) }
        script.fragments(.text, [Script.bytes(5), [], Script.bytes(130)], isCompressed: true) { $0.ping([1]) }
        script.fragments(.binary, [[], [0x41]]) { $0.pong([]) }
        script.message(.binary, Script.bytes(70), isCompressed: true)
        script.close(1000, "")
        return script
    }

    @Test(arguments: [FrameReader.Role.server, .client])
    func everyMessageSaysWhetherItIsCompressedWhereverItIsCut(role: FrameReader.Role) {
        let script = Self.script(role)
        #expect(ReferenceReader.read(script.bytes, role: role, allowsCompression: true) == script.expected)
        for cut in 0...script.bytes.count {
            let said = Transcript.read(script.bytes, role: role, allowsCompression: true, cuts: [cut])
            #expect(said == script.expected, "cut at \(cut)")
        }
        let cuts = Array(0...script.bytes.count)
        #expect(Transcript.read(script.bytes, role: role, allowsCompression: true, cuts: cuts) == script.expected)
    }

    @Test func aMessageTooLongForTheShortWayIsCompressedAsWell() {
        var script = Script(role: .server)
        script.message(.binary, Script.bytes(70_000), isCompressed: true)
        script.message(.text, Script.bytes(3), isCompressed: true)
        #expect(Transcript.read(script.bytes, role: .server, allowsCompression: true) == script.expected)
    }

    @Test(
        arguments: [
            // RSV1 on control frames and continuations; RSV2 and RSV3 beside it; a reserved opcode.
            ([0xC9, 0x80, 0, 0, 0, 0], 1), ([0xC8, 0x80, 0, 0, 0, 0], 1), ([0xCA, 0x80, 0, 0, 0, 0], 1),
            ([0x41, 0x80, 0, 0, 0, 0, 0xC0, 0x80, 0, 0, 0, 0], 7), ([0x01, 0x80, 0, 0, 0, 0, 0xC0], 7),
            ([0xC0, 0x80, 0, 0, 0, 0], 1), ([0xE1, 0x82, 0, 0, 0, 0, 1, 2], 1), ([0xD2, 0x82, 0, 0, 0, 0, 1, 2], 1),
            ([0xA1, 0x82, 0, 0, 0, 0, 1, 2], 1), ([0xC3, 0x82, 0, 0, 0, 0, 1, 2], 1),
            ([0x01, 0x80, 0, 0, 0, 0, 0xC1, 0x82, 0, 0, 0, 0, 1, 2], 7),
        ] as [([UInt8], Int)]
    )
    func anywhereElseTheBitIsAViolationAtOnce(bytes: [UInt8], noticedAfter: Int) {
        for cut in 0...bytes.count {
            let said = Transcript.read(bytes, role: .server, allowsCompression: true, cuts: [cut])
            #expect(said.last == .violation(1002))
        }
        let before = Array(bytes.prefix(noticedAfter - 1))
        #expect(!Transcript.read(before, role: .server, allowsCompression: true).contains(.violation(1002)))
        let after = Array(bytes.prefix(noticedAfter))
        #expect(Transcript.read(after, role: .server, allowsCompression: true).last == .violation(1002))
    }

    @Test func aHeaderWithTheBitIsAsLongAsWithout() {
        var bytes: [UInt8] = []
        FrameWriter.header(.text, isCompressed: true, count: 7).append(to: &bytes)
        FrameWriter.header(.binary, isFinal: false, isCompressed: true, count: 300, mask: 0).append(to: &bytes)
        #expect(bytes == [0xC1, 7, 0x42, 0xFE, 1, 44, 0, 0, 0, 0])
    }
}
