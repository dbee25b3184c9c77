/// Checks UTF-8 (RFC 3629) over pieces that may be cut anywhere, and says no at the first byte that cannot be.
package struct UTF8Validator: Sendable {
    /// Continuation bytes that the character begun still needs.
    private var needed: UInt8 = 0
    // What the next continuation byte may be: narrower than 80..BF behind E0, ED, F0 and F4, which rules out
    // encodings longer than needed, surrogates, and what is over U+10FFFF.
    private var lowest: UInt8 = 0x80
    private var highest: UInt8 = 0xBF
    private var isBroken = false

    package init() {}

    /// Whether everything so far is valid and no character is cut.
    package var isComplete: Bool { needed == 0 && !isBroken }

    /// - Returns: false when the bytes so far, whatever may follow, are no UTF-8; then also for all that follows.
    package mutating func consume(_ bytes: RawSpan) -> Bool {
        unsafe bytes.withUnsafeBytes { unsafe consume($0) }
    }

    /// - Returns: false when the bytes so far, whatever may follow, are no UTF-8; then also for all that follows.
    package mutating func consume(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard !isBroken, let start = bytes.baseAddress else { return !isBroken }
        var at = 0
        while at < bytes.count {
            if needed == 0 {
                at = unsafe Self.skipWhole(start, from: at, to: bytes.count)
                if at == bytes.count { break }
            }
            guard unsafe take(start.load(fromByteOffset: at, as: UInt8.self)) else {
                isBroken = true
                return false
            }
            at &+= 1
        }
        return true
    }

    @inline(__always)
    private mutating func take(_ byte: UInt8) -> Bool {
        if needed > 0 {
            guard byte >= lowest, byte <= highest else { return false }
            needed &-= 1
            lowest = 0x80
            highest = 0xBF
            return true
        }
        switch byte {
        case 0xC2...0xDF: needed = 1
        case 0xE0...0xEF:
            needed = 2
            if byte == 0xE0 { lowest = 0xA0 }
            if byte == 0xED { highest = 0x9F }
        case 0xF0...0xF4:
            needed = 3
            if byte == 0xF0 { lowest = 0x90 }
            if byte == 0xF4 { highest = 0x8F }
        default: return byte < 0x80
        }
        return true
    }

    /// Skips characters that are whole and valid, up to `end` or to where `take` has to look at each byte.
    @inline(__always)
    private static func skipWhole(_ start: UnsafeRawPointer, from: Int, to end: Int) -> Int {
        var at = from
        while at < end {
            if unsafe start.load(fromByteOffset: at, as: UInt8.self) < 0x80 {
                at = unsafe skipASCII(start, from: at, to: end)
                continue
            }
            guard end &- at >= 4 else { break }
            let word = UInt32(littleEndian: unsafe start.loadUnaligned(fromByteOffset: at, as: UInt32.self))
            let count = lengthOfCharacter(word)
            guard count > 0 else { break }
            at &+= count
        }
        return at
    }

    /// Bytes of the valid character of two to four bytes at the low end of `word`, or 0 when there is none.
    @inline(__always)
    private static func lengthOfCharacter(_ word: UInt32) -> Int {
        if word & 0xC0E0 == 0x80C0 { return word & 0x1E == 0 ? 0 : 2 }
        if word & 0xC0_C0F0 == 0x80_80E0 {
            // Neither longer than needed (E0 80..9F) nor a surrogate (ED A0..BF).
            let head = word & 0x200F
            return head == 0 || head == 0x200D ? 0 : 3
        }
        guard word & 0xC0C0_C0F8 == 0x8080_80F0 else { return 0 }
        // Neither longer than needed (F0 80..8F) nor over U+10FFFF (F4 90.., F5..F7).
        let head = word & 0x3007
        return head == 0 || (head & 7 > 3 && head != 4) ? 0 : 4
    }

    /// Whether 64 bytes are all ASCII.
    @inline(__always)
    private static func isASCII(_ bytes: UnsafeRawPointer) -> Bool {
        let high = UInt128(truncatingIfNeeded: 0x8080_8080_8080_8080 as UInt64)
        let first = unsafe bytes.loadUnaligned(as: SIMD16<UInt8>.self)
        let second = unsafe bytes.loadUnaligned(fromByteOffset: 16, as: SIMD16<UInt8>.self)
        let third = unsafe bytes.loadUnaligned(fromByteOffset: 32, as: SIMD16<UInt8>.self)
        let fourth = unsafe bytes.loadUnaligned(fromByteOffset: 48, as: SIMD16<UInt8>.self)
        return unsafe unsafeBitCast(first | second | third | fourth, to: UInt128.self) & (high << 64 | high) == 0
    }

    /// The index of the first byte from `at` on that is not ASCII, or `end`.
    @inline(__always)
    private static func skipASCII(_ start: UnsafeRawPointer, from: Int, to end: Int) -> Int {
        var at = from
        let zeros = SIMD16<Int8>(repeating: 0)
        while end &- at >= 64, unsafe isASCII(start + at) { at &+= 64 }
        while end &- at >= 16 {
            // Vector against vector, and the mask read as a number: with a scalar, or `any`, the compiler falls back
            // to a loop that takes a hundred times as long.
            let negative = unsafe start.loadUnaligned(fromByteOffset: at, as: SIMD16<Int8>.self) .< zeros
            let bits = unsafe unsafeBitCast(negative, to: UInt128.self)
            if bits != 0 { return at &+ UInt128(littleEndian: bits).trailingZeroBitCount &>> 3 }
            at &+= 16
        }
        while at < end, unsafe start.load(fromByteOffset: at, as: UInt8.self) < 0x80 { at &+= 1 }
        return at
    }
}
