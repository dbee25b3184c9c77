/// What the sender says a data message holds (RFC 6455 section 5.6).
@usableFromInline
package enum MessageKind: UInt8, Sendable, BitwiseCopyable {
    /// UTF-8. Not checked by `FrameReader`: see `UTF8Validator`.
    case text
    case binary

    /// The same as `== .text`, which another module can only ask through the witness table.
    @inlinable
    package var isText: Bool {
        switch self {
        case .text: true
        case .binary: false
        }
    }

    package var opcode: Opcode {
        switch self {
        case .text: .text
        case .binary: .binary
        }
    }
}
