/// What a peer did that RFC 6455 forbids.
enum ProtocolViolation: UInt8, Error, CaseIterable {
    case reservedBits
    case compressedBitMisplaced
    case reservedOpcode
    case continuationWithoutMessage
    case dataInsideMessage
    case controlFragmented
    case controlTooLong
    case unmasked
    case masked
    case lengthNotMinimal
    case lengthTooLarge
    case closePayloadOfOneByte
    case closeCodeInvalid
    case closeReasonNotUTF8

    var code: CloseCode {
        switch self {
        case .closeReasonNotUTF8: .invalidPayload
        default: .protocolError
        }
    }

    var reason: StaticString {
        switch self {
        case .reservedBits: "a reserved bit is set that no extension was negotiated for"
        case .compressedBitMisplaced: "the bit of a compressed message is set where no message begins"
        case .reservedOpcode: "the opcode is reserved"
        case .continuationWithoutMessage: "a continuation frame continues nothing"
        case .dataInsideMessage: "a new message begins before the last one has ended"
        case .controlFragmented: "a control frame is fragmented"
        case .controlTooLong: "a control frame is longer than 125 bytes"
        case .unmasked: "a client's frame is not masked"
        case .masked: "a server's frame is masked"
        case .lengthNotMinimal: "a length is not encoded in the fewest bytes"
        case .lengthTooLarge: "a length has its highest bit set"
        case .closePayloadOfOneByte: "a close frame has half a code"
        case .closeCodeInvalid: "a close code must not be sent"
        case .closeReasonNotUTF8: "a close reason is not UTF-8"
        }
    }
}
