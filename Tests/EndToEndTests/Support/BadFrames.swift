/// Frames against RFC 6455, and the close code that they end a connection with.
struct BadFrames {
    let name: String
    let bytes: [UInt8]
    let code: Int

    private init(_ name: String, _ code: Int, _ bytes: [UInt8]) {
        self.name = name
        self.code = code
        self.bytes = bytes
    }

    private static func frame(_ opcode: UInt8, _ payload: [UInt8], final: Bool = true) -> [UInt8] {
        RawWebSocket.frame(opcode, final: final, payload)
    }

    /// A frame whose first byte is as given.
    private static func first(_ byte: UInt8, _ payload: [UInt8]) -> [UInt8] { [byte] + frame(1, payload).dropFirst() }

    private static func close(_ code: Int, _ reason: [UInt8] = []) -> [UInt8] {
        frame(8, [UInt8(code >> 8), UInt8(code & 0xff)] + reason)
    }

    static let all = named + reserved + closes

    private static let named = [
        BadFrames("unmasked", 1002, [0x81, 2, 0x7b, 0x7d]),
        BadFrames("ping of 126 bytes", 1002, frame(9, [UInt8](repeating: 0, count: 126))),
        BadFrames("ping in fragments", 1002, frame(9, [], final: false)),
        BadFrames("continuation out of nowhere", 1002, frame(0, [0x7b, 0x7d])),
        BadFrames("text within a message", 1002, frame(1, [0x7b], final: false) + frame(1, [0x7d])),
        BadFrames("16-bit length of 5", 1002, [0x81, 0xfe, 0, 5, 0, 0, 0, 0] + [UInt8](repeating: 0x61, count: 5)),
        BadFrames(
            "64-bit length of 5",
            1002,
            [0x81, 0xff, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0] + [UInt8](repeating: 0x61, count: 5)
        ),
        BadFrames("64-bit length with its highest bit", 1002, [0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        BadFrames("text that is not UTF-8", 1007, frame(1, [0x22, 0xff, 0x22])),
        BadFrames("an overlong form", 1007, frame(1, [0xc0, 0xaf])),
        BadFrames("a surrogate", 1007, frame(1, [0xed, 0xa0, 0x80])),
        BadFrames("a character cut by the end", 1007, frame(1, [0xe2, 0x82])),
        BadFrames("a wrong byte after a cut", 1007, frame(1, [0xe2, 0x82], final: false) + frame(0, [0x20])),
        BadFrames(
            "a wrong byte after a cut and a ping",
            1007,
            frame(1, [0xf0, 0x9f], final: false) + frame(0, [0x9a], final: false) + frame(0, [0x41])
        ),
    ]

    private static let reserved =
        [0x40, 0x20, 0x10].map { BadFrames("reserved bit \($0)", 1002, first(0x81 | $0, [0x7b, 0x7d])) }
        + [3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map {
            BadFrames("reserved opcode \($0)", 1002, first(0x80 | $0, []))
        }

    private static let closes =
        [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535].map {
            BadFrames("close with \($0)", 1002, close($0))
        } + [
            BadFrames("close with one byte", 1002, frame(8, [3])),
            BadFrames("close with a reason that is not UTF-8", 1007, close(1000, [0xff])),
        ]
}
