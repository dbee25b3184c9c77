package import WebSocketWire

/// What the bytes of a connection say, no matter how they were cut.
package enum Said: Equatable, Sendable {
    case message(MessageKind, [UInt8], isCompressed: Bool = false)
    case ping([UInt8])
    case pong([UInt8])
    case close(UInt16?, [UInt8])
    case violation(UInt16)
    /// The bytes end within a message.
    case unfinished(MessageKind, [UInt8], isCompressed: Bool = false)
    /// The reader broke a promise of its own.
    case fault(String)
}
