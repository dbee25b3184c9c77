import Testing
import WebSocketOracle
import WebSocketWire

@Suite struct FrameWriterTests {
    @Test func framesAreThoseOfRFC6455Section57() {
        var bytes: [UInt8] = []
        FrameWriter.append(text: "Hello", to: &bytes)
        #expect(bytes == [0x81, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F])
        bytes = []
        let key = [0x37, 0xFA, 0x21, 0x3D] as [UInt8]
        FrameWriter.append(text: "Hello", mask: key.withUnsafeBytes { $0.load(as: UInt32.self) }, to: &bytes)
        #expect(bytes == [0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58])
        bytes = []
        FrameWriter.append(.text, isFinal: false, Array("Hel".utf8).span.bytes, to: &bytes)
        FrameWriter.append(.continuation, isFinal: true, Array("lo".utf8).span.bytes, to: &bytes)
        #expect(bytes == [0x01, 0x03, 0x48, 0x65, 0x6C, 0x80, 0x02, 0x6C, 0x6F])
    }

    @Test(
        arguments: [
            (0, [0x82, 0x00]), (125, [0x82, 0x7D]), (126, [0x82, 0x7E, 0, 0x7E]), (256, [0x82, 0x7E, 1, 0]),
            (65_535, [0x82, 0x7E, 0xFF, 0xFF]), (65_536, [0x82, 0x7F, 0, 0, 0, 0, 0, 1, 0, 0]),
            (Int.max, [0x82, 0x7F, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]),
        ] as [(Int, [UInt8])]
    )
    func aLengthTakesTheFewestBytes(count: Int, header: [UInt8]) {
        var bytes: [UInt8] = []
        let short = FrameWriter.header(.binary, count: count)
        short.append(to: &bytes)
        #expect(bytes == header)
        #expect(short.count == header.count)
        #expect(FrameWriter.header(.binary, count: count, mask: 0).count == header.count + 4)
    }

    @Test func whatIsWrittenIsRead() {
        for role in [FrameReader.Role.server, .client] {
            let mask: UInt32? = role == .server ? 0x89AB_CDEF : nil
            for count in Array(0...300) + [65_535, 65_536, 65_600] {
                var bytes: [UInt8] = []
                FrameWriter.append(.binary, Script.bytes(count).span.bytes, mask: mask, to: &bytes)
                #expect(Transcript.read(bytes, role: role) == [.message(.binary, Script.bytes(count))])
            }
        }
    }

    @Test func aCloseReasonIsCutBetweenCharacters() {
        var bytes: [UInt8] = []
        FrameWriter.append(close: .goingAway, reason: "ab" + String(repeating: "€", count: 60), to: &bytes)
        let expected = "ab" + String(repeating: "€", count: 40)
        #expect(Transcript.read(bytes, role: .client) == [.close(1001, Array(expected.utf8))])
    }

    @Test func aCloseWithoutCodeHasNoReason() {
        var bytes: [UInt8] = []
        FrameWriter.append(close: nil, reason: "lost", to: &bytes)
        #expect(bytes == [0x88, 0x00])
    }

    @Test func aControlPayloadHoldsNoMoreThan125Bytes() {
        #expect(ControlPayload(Script.bytes(125))?.bytes == Script.bytes(125))
        #expect(ControlPayload(Script.bytes(126)) == nil)
        #expect(ControlPayload([1, 2]) == ControlPayload([1, 2]))
        #expect(ControlPayload([1, 2]) != ControlPayload([1, 3]))
        #expect(ControlPayload([1]) != ControlPayload([1, 0]))
    }
}
