/// What the bytes of a connection say next.
package enum WireEvent {
    /// Everything up to the end of `bytes` is taken; the rest has not arrived.
    case needMore
    /// A data message in one frame, whole in `bytes`.
    case message(DataFrame)
    /// Part of a data message.
    case piece(MessagePiece)
    case ping(ControlPayload)
    case pong(ControlPayload)
    /// The peer closes. Whatever it sends after this is skipped.
    case close(CloseFrame)
    /// The connection is to be closed with this code. Said again for whatever arrives after it.
    case violation(CloseCode, reason: StaticString)
}

/// A whole data message that still lies, masked, where it was read.
@usableFromInline
package struct DataFrame: Equatable, Sendable, BitwiseCopyable {
    @usableFromInline package let kind: MessageKind
    /// Whether the payload is for `Inflater`.
    @usableFromInline package let isCompressed: Bool
    /// Where the payload begins in the bytes given to `FrameReader.next`.
    @usableFromInline package let offset: Int
    /// The payload's bytes.
    @usableFromInline package let count: Int
    /// For `Masking.copy`; 0 from a server.
    @usableFromInline package let mask: UInt32

    @inlinable
    package init(kind: MessageKind, isCompressed: Bool, offset: Int, count: Int, mask: UInt32) {
        self.kind = kind
        self.isCompressed = isCompressed
        self.offset = offset
        self.count = count
        self.mask = mask
    }
}

/// Bytes of a data message that is fragmented, or whose frame is cut by the end of a read.
///
/// Every frame of the message yields at least one, as soon as its header is there: with a `count` of 0 when nothing of
/// its payload has come yet.
package struct MessagePiece: Equatable, Sendable, BitwiseCopyable {
    /// The kind of the message, on each of its pieces.
    package let kind: MessageKind
    /// Whether the message is for `Inflater`, on each of its pieces.
    package let isCompressed: Bool
    /// Whether this is the message's first piece.
    package let begins: Bool
    /// Whether the message's last byte is in this piece, or before it.
    package let ends: Bool
    /// Already turned to this piece's first byte; 0 from a server.
    package let mask: UInt32
    /// Where the piece begins in the bytes given to `FrameReader.next`.
    package let offset: Int
    /// Bytes of this piece.
    package let count: Int
    /// Bytes that this piece's frame announces in all, so that a message that is too long is known at once.
    package let declared: UInt64
}
