/// A frame's header as it goes out: 2 to 14 bytes, held inline.
package struct FrameHeader: Sendable {
    private var storage = [14 of UInt8](repeating: 0)
    private var used: UInt8 = 0

    /// - Parameters:
    ///   - isCompressed: Sets RSV1, on the first frame of a message (RFC 7692 section 6).
    ///   - count: Bytes of the frame's payload.
    ///   - mask: From a client, the key that its payload is masked with, in the form of `Masking`.
    init(_ opcode: Opcode, isFinal: Bool, isCompressed: Bool, count: Int, mask: UInt32?) {
        append((isFinal ? 0x80 : 0) | (isCompressed ? 0x40 : 0) | opcode.rawValue)
        let maskBit: UInt8 = mask == nil ? 0 : 0x80
        switch count {
        case ...125:
            append(maskBit | UInt8(count))
        case ...65_535:
            append(maskBit | 126)
            appendBigEndian(UInt64(count), bytes: 2)
        default:
            append(maskBit | 127)
            appendBigEndian(UInt64(count), bytes: 8)
        }
        if let mask {
            for index in 0..<4 { append(Masking.byte(of: mask, at: index)) }
        }
    }

    /// Bytes of the header.
    package var count: Int { Int(used) }

    package func append(to buffer: inout [UInt8]) {
        for index in 0..<count { buffer.append(storage[index]) }
    }

    private mutating func append(_ byte: UInt8) {
        storage[count] = byte
        used &+= 1
    }

    private mutating func appendBigEndian(_ value: UInt64, bytes: Int) {
        for index in (0..<bytes).reversed() {
            append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index)))
        }
    }
}
