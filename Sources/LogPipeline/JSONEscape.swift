/// How text becomes the inside of a JSON string (RFC 8259 section 7): quotes, backslashes and control characters
/// are escaped, nothing else.
enum JSONEscape {
    /// How many bytes more the escaped form of such a byte has.
    static func growth(of byte: UInt8) -> Int {
        guard byte < 0x20 else { return 1 }
        return short(byte) == nil ? 5 : 1
    }

    /// Copies `text` escaped to `target`, which must not overlap it.
    static func write(_ text: PaddedText, to target: UnsafeMutableRawPointer) {
        var from = 0
        var to = unsafe target
        while from < text.count {
            // Never negative: whoever wraps a text has found it to be UTF-8.
            let stop = unsafe min(TextRun.end(text.base, from: from), text.count)
            unsafe to.copyMemory(from: text.base + from, byteCount: stop - from)
            unsafe to += stop - from
            if stop < text.count { unsafe to += write(text[stop], to: to) }
            from = stop + 1
        }
    }

    private static func write(_ byte: UInt8, to target: UnsafeMutableRawPointer) -> Int {
        unsafe target.storeBytes(of: UInt8(ascii: "\\"), as: UInt8.self)
        if let letter = short(byte) {
            unsafe target.storeBytes(of: letter, toByteOffset: 1, as: UInt8.self)
            return 2
        }
        let digits: StaticString = "0123456789abcdef"
        let code: [4 of UInt8] = unsafe [
            UInt8(ascii: "0"), UInt8(ascii: "0"), digits.utf8Start[Int(byte >> 4)], digits.utf8Start[Int(byte & 15)],
        ]
        unsafe target.storeBytes(of: UInt8(ascii: "u"), toByteOffset: 1, as: UInt8.self)
        for index in 0..<4 { unsafe target.storeBytes(of: code[index], toByteOffset: 2 + index, as: UInt8.self) }
        return 6
    }

    private static func short(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): byte
        case 0x08: UInt8(ascii: "b")
        case 0x09: UInt8(ascii: "t")
        case 0x0A: UInt8(ascii: "n")
        case 0x0C: UInt8(ascii: "f")
        case 0x0D: UInt8(ascii: "r")
        default: nil
        }
    }
}
