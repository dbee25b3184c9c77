import Testing
import WebSocketOracle
import WebSocketWire

/// What RFC 6455 makes an endpoint refuse, with the code it is refused with.
@Suite struct RefusalTests {
    struct Case: CustomTestStringConvertible {
        let what: String
        let bytes: [UInt8]
        var code: UInt16 = 1002
        var role = FrameReader.Role.server
        /// Bytes after which it must have been noticed.
        var noticedAfter: Int
        var testDescription: String { what }

        init(
            _ what: String,
            _ bytes: [UInt8],
            code: UInt16 = 1002,
            role: FrameReader.Role = .server,
            after: Int? = nil
        ) {
            self.what = what
            self.bytes = bytes
            self.code = code
            self.role = role
            noticedAfter = after ?? bytes.count
        }
    }

    static let cases: [Case] = frames + closes + opcodes

    private static let frames: [Case] = [
        Case("RSV1 without an extension", [0xC1, 0x80, 0, 0, 0, 0], after: 1),
        Case("RSV2", [0xA1, 0x80, 0, 0, 0, 0], after: 1),
        Case("RSV3", [0x91, 0x80, 0, 0, 0, 0], after: 1),
        Case("RSV1 on a control frame", [0xC9, 0x80, 0, 0, 0, 0], after: 1),
        Case("RSV1 on a continuation", [0x01, 0x80, 0, 0, 0, 0, 0xC0], after: 7),
        Case("an unmasked frame from a client", [0x81, 0x01, 0x61], after: 2),
        Case("an unmasked ping from a client", [0x89, 0x00], after: 2),
        Case("a masked frame from a server", [0x81, 0x81, 1, 2, 3, 4, 0x60], role: .client, after: 2),
        Case("a fragmented ping", [0x09, 0x80, 0, 0, 0, 0], after: 1),
        Case("a fragmented pong", [0x0A, 0x80, 0, 0, 0, 0], after: 1),
        Case("a fragmented close", [0x08, 0x80, 0, 0, 0, 0], after: 1),
        Case("a ping of 126 bytes", [0x89, 0xFE, 0, 126], after: 2),
        Case("a close with a length of 64 bits", [0x88, 0xFF, 0, 0, 0, 0, 0, 0, 0, 1], after: 2),
        Case("a continuation out of nowhere", [0x80, 0x80, 0, 0, 0, 0], after: 1),
        Case("an open continuation out of nowhere", [0x00, 0x80, 0, 0, 0, 0], after: 1),
        Case("a continuation behind a whole message", [0x81, 0x80, 0, 0, 0, 0, 0x80], after: 7),
        Case("a continuation behind the last one", [1, 0x80, 0, 0, 0, 0, 0x80, 0x80, 0, 0, 0, 0, 0x80], after: 13),
        Case("text inside a text message", [0x01, 0x80, 0, 0, 0, 0, 0x81], after: 7),
        Case("binary inside a text message", [0x01, 0x80, 0, 0, 0, 0, 0x02], after: 7),
        Case("text inside a binary message", [0x02, 0x80, 0, 0, 0, 0, 0x81, 0x80, 0, 0, 0, 0], after: 7),
        Case("125 bytes announced in 16 bits", [0x82, 0xFE, 0, 125], after: 4),
        Case("no bytes announced in 16 bits", [0x82, 0xFE, 0, 0, 0, 0, 0, 0], after: 4),
        Case("65,535 bytes announced in 64 bits", [0x82, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF], after: 10),
        Case("a length with the highest bit set", [0x82, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0], after: 10),
        Case("a length of all ones", [0x82, 0x7F] + [UInt8](repeating: 0xFF, count: 8), role: .client, after: 10),
        Case("125 bytes in 16 bits from a server", [0x82, 0x7E, 0, 125], role: .client, after: 4),
        Case("125 bytes in 16 bits, with all of them", [0x82, 0xFE, 0, 125] + zeros(129), after: 4),
        Case("no bytes in 16 bits, with a frame behind", [0x81, 0xFE, 0, 0] + zeros(20), after: 4),
        Case("125 bytes in 16 bits from a server, whole", [0x81, 0x7E, 0, 125] + zeros(125), role: .client, after: 4),
        Case("an unmasked message, whole", [0x81, 0x0A] + zeros(10), after: 2),
        Case("a masked message from a server, whole", [0x81, 0x8A] + zeros(14), role: .client, after: 2),
        Case("a reserved bit on a message, whole", [0xC2, 0x8A] + zeros(14), after: 1),
        Case("a reserved opcode, whole", [0x83, 0x8A] + zeros(14), after: 1),
        Case("a continuation out of nowhere, whole", [0x80, 0x8A] + zeros(14), after: 1),
        Case("text inside a message, whole", [0x01, 0x80, 0, 0, 0, 0, 0x81, 0x8A] + zeros(14), after: 7),
    ]

    private static let closes: [Case] =
        [
            Case("a close of one byte", close([0x03])),
            Case("a close reason that is no UTF-8", close([0x03, 0xE8, 0xC3, 0x28]), code: 1007),
            Case("a close reason cut within a character", close([0x03, 0xE8, 0xE2, 0x82]), code: 1007),
            Case("a close reason with a surrogate", close([0x03, 0xE8, 0xED, 0xA0, 0x80]), code: 1007),
        ]
        + [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535].map { (code: UInt16) in
            Case("close code \(code)", close([UInt8(code >> 8), UInt8(code & 0xFF)]))
        }

    private static let opcodes: [Case] = [3, 4, 5, 6, 7, 0xB, 0xC, 0xD, 0xE, 0xF].map { opcode in
        Case("opcode \(opcode)", [0x80 | opcode, 0x80, 0, 0, 0, 0], after: 1)
    }

    @Test(arguments: cases)
    func isRefusedWithItsCodeWhereverItIsCut(refusal: Case) {
        for cut in 0...refusal.bytes.count {
            let said = Transcript.read(refusal.bytes, role: refusal.role, cuts: [cut])
            #expect(said.last == .violation(refusal.code))
        }
    }

    @Test(arguments: cases)
    func isNoticedAsSoonAsItsByteIsThereAndNotBefore(refusal: Case) {
        let before = Transcript.read(Array(refusal.bytes.prefix(refusal.noticedAfter - 1)), role: refusal.role)
        #expect(!before.contains(.violation(refusal.code)))
        let after = Transcript.read(Array(refusal.bytes.prefix(refusal.noticedAfter)), role: refusal.role)
        #expect(after.last == .violation(refusal.code))
    }

    @Test(arguments: [
        1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999,
    ])
    func aCloseCodeThatMayBeSentIsTaken(code: UInt16) {
        #expect(CloseCode(rawValue: code).isValidOnTheWire)
        let bytes = Self.close([UInt8(code >> 8), UInt8(code & 0xFF), 0x62, 0x79, 0x65])
        #expect(Transcript.read(bytes, role: .server) == [.close(code, Array("bye".utf8))])
    }

    @Test func aViolationIsSaidAgainForWhateverFollows() {
        var reader = FrameReader()
        for bytes: [UInt8] in [[0x83], [], [0x81, 0x80, 0, 0, 0, 0]] {
            var offset = 0
            guard case .violation(.protocolError, let reason) = reader.next(bytes.span.bytes, at: &offset) else {
                Issue.record("a violation is forgotten")
                return
            }
            #expect(reason.description == "the opcode is reserved")
            #expect(offset == bytes.count)
        }
        #expect(!reader.isBetweenMessages)
    }

    @Test func whatFollowsACloseIsSkipped() {
        let ping: [UInt8] = [0x89, 0x80, 0, 0, 0, 0]
        let garbage: [UInt8] = [0xFF, 0xFF, 0xFF]
        let bytes = Self.close([]) + ping + garbage
        for cut in 0...bytes.count {
            #expect(Transcript.read(bytes, role: .server, cuts: [cut]) == [.close(nil, [])])
        }
    }

    private static func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }

    /// A masked Close whose key changes nothing.
    static func close(_ payload: [UInt8]) -> [UInt8] { [0x88, 0x80 | UInt8(payload.count), 0, 0, 0, 0] + payload }
}
