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
    /// What the inflater has taken of the end that it puts behind the message; more than 0 only without other bytes.
    private(set) var tailTaken = 0

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

    /// The first bytes are done, and what is more than all of them was taken of the tail.
    mutating func drop(first bytes: Int) {
        mask = Masking.turned(mask, by: bytes)
        tailTaken = max(0, bytes - count)
        count = max(0, count - bytes)
    }
}
