import Testing
import WebSocketWire

/// What the gateway builds on beyond the joined messages: lengths known early, memory that does not grow.
@Suite struct PieceTests {
    private static let header: [UInt8] = [0x82, 0xFF, 0, 0, 0, 0, 0x40, 0, 0, 0, 1, 2, 3, 4]

    @Test func aMessageTooLongIsKnownWithItsHeader() throws {
        var reader = FrameReader()
        var offset = 0
        let piece = try #require(reader.next(Self.header.span.bytes, at: &offset).piece)
        #expect(piece.declared == 1 << 30)
        #expect(piece.begins)
        #expect(!piece.ends)
        #expect(piece.count == 0)
        #expect(!reader.isBetweenMessages)
    }

    @Test func aFrameOfAGibibyteGoesThroughInPieces() throws {
        var reader = FrameReader()
        var offset = 0
        var said = reader.next(Self.header.span.bytes, at: &offset)
        let read = [UInt8](repeating: 0, count: (1 << 20) - 3)
        var total = 0
        var position = 0
        while true {
            let piece = try #require(said.piece)
            #expect(piece.mask == Masking.turned(0x0403_0201, by: total))
            total += piece.count
            position = 0
            if piece.ends { break }
            said = reader.next(read.span.bytes, at: &position)
        }
        #expect(total == 1 << 30)
        #expect(reader.isBetweenMessages)
    }

    @Test func aControlFrameCutByteByByteWithinAMessageIsPutTogether() throws {
        var reader = FrameReader()
        var pings: [[UInt8]] = []
        let payload = Script.bytes(125)
        var bytes: [UInt8] = [0x01, 0x81, 0, 0, 0, 0, 0x61]
        FrameWriter.append(ping: try #require(ControlPayload(payload)), mask: 0xAABB_CCDD, to: &bytes)
        bytes += [0x80, 0x80, 0, 0, 0, 0]
        for byte in bytes {
            var offset = 0
            if case .ping(let ping) = reader.next([byte].span.bytes, at: &offset) { pings.append(ping.bytes) }
        }
        #expect(pings == [payload])
        #expect(reader.isBetweenMessages)
    }

    @Test func aMessageStandsWhereItWasRead() throws {
        var bytes: [UInt8] = [9, 9, 9]
        FrameWriter.append(text: "hello", mask: 0x0102_0304, to: &bytes)
        bytes.append(0x81)
        var reader = FrameReader()
        var offset = 3
        guard case .message(let frame) = reader.next(bytes.span.bytes, at: &offset) else {
            Issue.record("no message")
            return
        }
        #expect(frame.kind == .text)
        #expect(frame.offset == 9)
        #expect(frame.count == 5)
        #expect(frame.mask == 0x0102_0304)
        #expect(offset == 14)
        guard case .needMore = reader.next(bytes.span.bytes, at: &offset) else {
            Issue.record("half a header is no event")
            return
        }
        #expect(offset == 15)
    }
}

extension WireEvent {
    fileprivate var piece: MessagePiece? {
        guard case .piece(let piece) = self else { return nil }
        return piece
    }
}
