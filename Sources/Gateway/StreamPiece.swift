import WebSocketWire

/// Bytes of a message that is inflated, or cut into logs: a whole frame, or part of one.
struct StreamPiece {
    let kind: MessageKind
    let isCompressed: Bool
    /// Whether the message's last byte is in this piece, or before it.
    let ends: Bool
    /// Turned to its first byte.
    private(set) var mask: UInt32
    /// Bytes as they came.
    private(set) var count: Int
    /// Bytes that its frame announces in all.
    let declared: UInt64
    /// All bytes are inflated, and now the end of the message is.
    var isEnding = false

    init(_ frame: DataFrame) {
        kind = frame.kind
        isCompressed = frame.isCompressed
        ends = true
        mask = frame.mask
        count = frame.count
        declared = UInt64(frame.count)
    }

    init(_ piece: MessagePiece) {
        kind = piece.kind
        isCompressed = piece.isCompressed
        ends = piece.ends
        mask = piece.mask
        count = piece.count
        declared = piece.declared
    }

    /// The first bytes are done.
    mutating func drop(first bytes: Int) {
        mask = Masking.turned(mask, by: bytes)
        count -= bytes
    }
}
