/// A frame's header taken byte by byte, each rule checked as soon as its byte is there (RFC 6455 section 5.2).
struct FrameHeaderReader {
    private var bytes = [14 of UInt8](repeating: 0)
    private var count: UInt8 = 0

    var isEmpty: Bool { count == 0 }

    var isWhole: Bool { count >= 2 && Int(count) == 2 + lengthCount + (isMasked ? 4 : 0) }

    /// - Precondition: not whole.
    /// - Returns: the violation that this byte is, if it is one.
    mutating func take(
        _ byte: UInt8,
        role: FrameReader.Role,
        allowsCompression: Bool,
        isInsideMessage: Bool
    ) -> ProtocolViolation? {
        bytes[Int(count)] = byte
        count &+= 1
        switch Int(count) {
        case 1: return checkFirst(byte, allowsCompression: allowsCompression, isInsideMessage: isInsideMessage)
        case 2: return checkSecond(byte, role: role)
        case 2 + lengthCount: return checkLength()
        default: return nil
        }
    }

    /// Whether RSV1 is set, in a header that was taken without violation.
    var isCompressed: Bool { bytes[0] & 0x40 != 0 }
    var isFinal: Bool { bytes[0] & 0x80 != 0 }
    /// Of a header whose first byte was taken without violation.
    var opcode: Opcode { Opcode(rawValue: bytes[0] & 0x0F) ?? .continuation }

    var payloadCount: UInt64 {
        guard lengthCount > 0 else { return UInt64(shortLength) }
        return (2..<2 + lengthCount).reduce(0) { $0 << 8 | UInt64(bytes[$1]) }
    }

    /// In the form `Masking` wants it.
    var mask: UInt32 {
        guard isMasked else { return 0 }
        let wire = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[2 + lengthCount + $1]) << UInt32(8 * $1) }
        return UInt32(littleEndian: wire)
    }

    private var isMasked: Bool { bytes[1] & 0x80 != 0 }
    private var shortLength: UInt8 { bytes[1] & 0x7F }

    /// How many bytes follow the second one to say the length.
    private var lengthCount: Int {
        switch shortLength {
        case 126: 2
        case 127: 8
        default: 0
        }
    }

    private func checkFirst(_ byte: UInt8, allowsCompression: Bool, isInsideMessage: Bool) -> ProtocolViolation? {
        if byte & (allowsCompression ? 0x30 : 0x70) != 0 { return .reservedBits }
        guard let opcode = Opcode(rawValue: byte & 0x0F) else { return .reservedOpcode }
        // RFC 7692 section 6.1: on the first frame of a data message and on no other.
        if byte & 0x40 != 0, opcode.isControl || opcode == .continuation { return .compressedBitMisplaced }
        if opcode.isControl { return isFinal ? nil : .controlFragmented }
        if opcode == .continuation { return isInsideMessage ? nil : .continuationWithoutMessage }
        return isInsideMessage ? .dataInsideMessage : nil
    }

    private func checkSecond(_ byte: UInt8, role: FrameReader.Role) -> ProtocolViolation? {
        if isMasked != (role == .server) { return isMasked ? .masked : .unmasked }
        return opcode.isControl && shortLength > 125 ? .controlTooLong : nil
    }

    private func checkLength() -> ProtocolViolation? {
        let length = payloadCount
        if length > UInt64(Int64.max) { return .lengthTooLarge }
        return length < (lengthCount == 2 ? 126 : 65_536) ? .lengthNotMinimal : nil
    }
}
