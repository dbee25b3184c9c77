/// Base64 with the alphabet of URLs and without padding (RFC 4648 section 5, RFC 7515 section 2).
package enum Base64URL {
    private static let alphabet: [UInt8] = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8
    )

    package static func encode(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        var bits: UInt32 = 0
        var open: UInt32 = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            open += 8
            while open >= 6 {
                open -= 6
                text.append(alphabet[Int(bits >> open & 63)])
            }
        }
        if open > 0 { text.append(alphabet[Int(bits << (6 - open) & 63)]) }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes that `text` stands for, or nil when it is not what `encode` would have made of them: other
    /// characters, padding, or bits set that belong to no byte.
    package static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        guard text.count % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3 + 2)
        var bits: UInt32 = 0
        var open: UInt32 = 0
        for character in text {
            guard let sextet = value(of: character) else { return nil }
            bits = bits << 6 | sextet
            open += 6
            if open >= 8 {
                open -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> open))
            }
        }
        guard bits & (1 << open - 1) == 0 else { return nil }
        return bytes
    }

    private static func value(of character: UInt8) -> UInt32? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character - UInt8(ascii: "a") + 26)
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character - UInt8(ascii: "0") + 52)
        case UInt8(ascii: "-"): 62
        case UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
