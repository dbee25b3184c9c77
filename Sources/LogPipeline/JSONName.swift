/// Comparison of member names as they stand in a document with the one that the policy looks for.
enum JSONName {
    /// `name` is the first byte behind the opening quote; the caller knows that the closing one is 9 bytes on.
    @inline(__always)
    static func isTimestamp(_ name: UnsafeRawPointer) -> Bool {
        unsafe UInt64(littleEndian: name.loadUnaligned(as: UInt64.self)) == 0x6D61_7473_656D_6974
            && name.load(fromByteOffset: 8, as: UInt8.self) == UInt8(ascii: "p")
    }

    /// Whether a name of `count` bytes is `timestamp`, with escapes or without.
    static func isTimestamp(_ name: UnsafeRawPointer, count: Int) -> Bool {
        switch count {
        case 9: unsafe isTimestamp(name)
        // With one letter escaped, and with all of them.
        case 14...54: unsafe unescaped(name, count: count, is: "timestamp")
        default: false
        }
    }

    /// Whether a name with escapes (`\u0074imestamp`) means this one. Nothing but `\u` can say a letter.
    static func unescaped(_ name: UnsafeRawPointer, count: Int, is wanted: StaticString) -> Bool {
        var at = 0
        for index in 0..<wanted.utf8CodeUnitCount {
            guard at < count else { return false }
            var unit = unsafe UInt16(name.load(fromByteOffset: at, as: UInt8.self))
            at += 1
            if unit == UInt16(UInt8(ascii: "\\")) {
                guard unsafe name.load(fromByteOffset: at, as: UInt8.self) == UInt8(ascii: "u"),
                    let code = unsafe codeUnit(name, at: at + 1)
                else { return false }
                unit = code
                at += 5
            }
            guard unsafe unit == UInt16(wanted.utf8Start[index]) else { return false }
        }
        return at == count
    }

    /// The four hexadecimal digits of `\u`.
    static func codeUnit(_ base: UnsafeRawPointer, at: Int) -> UInt16? {
        var value: UInt16 = 0
        for offset in 0..<4 {
            let byte = unsafe base.load(fromByteOffset: at &+ offset, as: UInt8.self)
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte &- UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte &- UInt8(ascii: "a") &+ 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte &- UInt8(ascii: "A") &+ 10
            default: return nil
            }
            value = value << 4 | UInt16(digit)
        }
        return value
    }
}
