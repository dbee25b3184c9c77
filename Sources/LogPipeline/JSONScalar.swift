/// Whether bytes that stream by are one JSON number or literal (RFC 8259 sections 3 and 6).
struct JSONScalar: Sendable {
    private enum Place {
        case start
        case minus
        case zero
        case integer
        case point
        case fraction
        case exponent
        case sign
        case exponentDigits
        /// The rest of a literal, next byte lowest.
        case literal(rest: UInt32)
    }

    private var place = Place.start

    /// Whether one may begin with this byte.
    static func begins(_ byte: UInt8) -> Bool { place(after: .start, byte) != nil }

    /// Whether it may end here.
    var isWhole: Bool {
        switch place {
        case .zero, .integer, .fraction, .exponentDigits: true
        case .literal(let rest): rest == 0
        case .start, .minus, .point, .exponent, .sign: false
        }
    }

    /// - Returns: whether the byte may come next.
    mutating func take(_ byte: UInt8) -> Bool {
        guard let next = JSONScalar.place(after: place, byte) else { return false }
        place = next
        return true
    }

    private static func place(after place: Place, _ byte: UInt8) -> Place? {
        let isDigit = byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
        switch place {
        case .start: return atStart(byte)
        case .minus: return byte == UInt8(ascii: "0") ? .zero : isDigit ? .integer : nil
        case .zero: return afterInteger(byte)
        case .integer: return isDigit ? .integer : afterInteger(byte)
        case .point: return isDigit ? .fraction : nil
        case .fraction: return isDigit ? .fraction : byte | 0x20 == UInt8(ascii: "e") ? .exponent : nil
        case .exponent:
            if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { return .sign }
            return isDigit ? .exponentDigits : nil
        case .sign, .exponentDigits: return isDigit ? .exponentDigits : nil
        case .literal(let rest):
            return rest != 0 && byte == UInt8(truncatingIfNeeded: rest) ? .literal(rest: rest >> 8) : nil
        }
    }

    private static func atStart(_ byte: UInt8) -> Place? {
        switch byte {
        case UInt8(ascii: "-"): .minus
        case UInt8(ascii: "0"): .zero
        case UInt8(ascii: "1")...UInt8(ascii: "9"): .integer
        case UInt8(ascii: "t"): .literal(rest: 0x0065_7572)
        case UInt8(ascii: "f"): .literal(rest: 0x6573_6C61)
        case UInt8(ascii: "n"): .literal(rest: 0x006C_6C75)
        default: nil
        }
    }

    private static func afterInteger(_ byte: UInt8) -> Place? {
        if byte == UInt8(ascii: ".") { return .point }
        return byte | 0x20 == UInt8(ascii: "e") ? .exponent : nil
    }
}
