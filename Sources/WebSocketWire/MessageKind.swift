/// What the sender says a data message holds (RFC 6455 section 5.6).
package enum MessageKind: UInt8, Sendable, BitwiseCopyable {
    /// UTF-8. Not checked by `FrameReader`: see `UTF8Validator`.
    case text
    case binary

    package var opcode: Opcode {
        switch self {
        case .text: .text
        case .binary: .binary
        }
    }
}
