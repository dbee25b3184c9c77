/// The receiving side of one WebSocket connection (RFC 6455 section 5): bytes in, events out.
///
/// It never needs a whole frame, wherever the bytes are cut, and calls nobody. While no frame is open it owns no heap.
/// Whether a message is compressed (RFC 7692) it says, and leaves the payload as it is.
@usableFromInline
package struct FrameReader {
    /// Which side of the connection reads.
    @usableFromInline
    package enum Role: UInt8, Sendable {
        /// Demands masked frames (RFC 6455 section 5.1).
        case server
        /// Demands frames without mask.
        case client
    }

    private enum Stage: UInt8 {
        case header
        case data
        case control
        /// After Close or a violation nothing more is read.
        case ended
    }

    private let role: Role
    private let allowsCompression: Bool
    private var stage = Stage.header
    /// The data message that has begun and not ended.
    private var message: MessageKind?
    /// Of the message that has begun.
    private var isCompressed = false
    private var violation: ProtocolViolation?
    private var opcode = Opcode.continuation
    private var isFinal = false
    private var header = FrameHeaderReader()
    /// Turned to the next byte of the payload.
    private var mask: UInt32 = 0
    private var declared: UInt64 = 0
    private var remaining: UInt64 = 0
    /// What has come of a control frame that is cut by the end of a read.
    private var control = ControlPayload()

    /// - Parameter allowsCompression: Whether permessage-deflate was agreed on.
    package init(role: Role = .server, allowsCompression: Bool = false) {
        self.role = role
        self.allowsCompression = allowsCompression
    }

    /// Whether no message and no frame has begun: what arrives next is something new.
    package var isBetweenMessages: Bool { stage == .header && header.isEmpty && message == nil }

    /// Takes the next event out of what was read.
    ///
    /// - Parameters:
    ///   - bytes: What was read, with everything in front of `offset` already taken.
    ///   - offset: Moved behind what the event covers; at the end of `bytes` after `needMore`.
    package mutating func next(_ bytes: RawSpan, at offset: inout Int) -> WireEvent {
        if isBetweenMessages, let frame = Self.wholeMessage(bytes, at: &offset, role: role) { return .message(frame) }
        return step(bytes, at: &offset)
    }

    /// Takes what nearly all frames are: a message in one frame, whole in `bytes`, with a length of 7 or 16 bits. Nil, and
    /// nothing taken: whatever is unusual about a frame is for `next`.
    ///
    /// `next` asks it, and so may who has much to read, `isBetweenMessages` being true: it changes nothing of that.
    /// Inlined where it is called, it costs a third of what an event does.
    @inlinable
    @inline(__always)
    package static func wholeMessage(
        _ bytes: RawSpan,
        at offset: inout Int,
        role: Role = .server,
        isCompressed: Bool = false
    ) -> DataFrame? {
        let left = bytes.byteCount &- offset
        guard left >= 8 else { return nil }
        let head = UInt64(littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
        let first = UInt8(truncatingIfNeeded: head) ^ (isCompressed ? 0x40 : 0)
        let second = UInt8(truncatingIfNeeded: head &>> 8)
        guard first == 0x81 || first == 0x82, (second >= 0x80) == (role == .server) else { return nil }
        var start = 2
        var count = Int(second & 0x7F)
        var rest = head &>> 16
        if count >= 126 {
            guard count == 126 else { return nil }
            start = 4
            count = Int(UInt16(truncatingIfNeeded: rest).byteSwapped)
            rest = head &>> 32
            guard count >= 126 else { return nil }
        }
        if role == .server { start &+= 4 }
        guard left &- start >= count else { return nil }
        let begin = offset &+ start
        offset = begin &+ count
        let mask = role == .server ? UInt32(littleEndian: UInt32(truncatingIfNeeded: rest)) : 0
        return DataFrame(
            kind: first == 0x81 ? .text : .binary,
            isCompressed: isCompressed,
            offset: begin,
            count: count,
            mask: mask
        )
    }

    @inline(never)
    private mutating func step(_ bytes: RawSpan, at offset: inout Int) -> WireEvent {
        switch stage {
        case .header:
            if allowsCompression, isBetweenMessages,
                let frame = Self.wholeMessage(bytes, at: &offset, role: role, isCompressed: true)
            {
                return .message(frame)
            }
            return takeHeader(bytes, at: &offset)
        case .data: return offset < bytes.byteCount ? takePiece(bytes, at: &offset, begins: false) : .needMore
        case .control: return takeControl(bytes, at: &offset)
        case .ended:
            offset = bytes.byteCount
            guard let violation else { return .needMore }
            return .violation(violation.code, reason: violation.reason)
        }
    }

    private mutating func takeHeader(_ bytes: RawSpan, at offset: inout Int) -> WireEvent {
        while !header.isWhole {
            guard offset < bytes.byteCount else { return .needMore }
            let byte = unsafe bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
            offset &+= 1
            let violation = header.take(
                byte,
                role: role,
                allowsCompression: allowsCompression,
                isInsideMessage: message != nil
            )
            if let violation { return fail(violation, bytes, at: &offset) }
        }
        opcode = header.opcode
        if message == nil { isCompressed = header.isCompressed }
        isFinal = header.isFinal
        declared = header.payloadCount
        mask = header.mask
        remaining = declared
        header = FrameHeaderReader()
        if opcode.isControl {
            stage = .control
            return takeControl(bytes, at: &offset)
        }
        return beginData(bytes, at: &offset)
    }

    private mutating func beginData(_ bytes: RawSpan, at offset: inout Int) -> WireEvent {
        let begins = opcode != .continuation
        if begins {
            let kind: MessageKind = opcode == .text ? .text : .binary
            if isFinal, remaining <= UInt64(bytes.byteCount &- offset) {
                let frame = DataFrame(
                    kind: kind,
                    isCompressed: isCompressed,
                    offset: offset,
                    count: Int(remaining),
                    mask: mask
                )
                offset &+= frame.count
                return .message(frame)
            }
            message = kind
        }
        stage = .data
        return takePiece(bytes, at: &offset, begins: begins)
    }

    private mutating func takePiece(_ bytes: RawSpan, at offset: inout Int, begins: Bool) -> WireEvent {
        let start = offset
        let count = takeCount(bytes, at: &offset)
        let ends = remaining == 0 && isFinal
        let piece = MessagePiece(
            kind: message ?? .binary,
            isCompressed: isCompressed,
            begins: begins,
            ends: ends,
            mask: mask,
            offset: start,
            count: count,
            declared: declared
        )
        mask = Masking.turned(mask, by: count)
        if remaining == 0 { stage = .header }
        if ends { message = nil }
        return .piece(piece)
    }

    private mutating func takeControl(_ bytes: RawSpan, at offset: inout Int) -> WireEvent {
        let start = offset
        let count = takeCount(bytes, at: &offset)
        control.append(bytes, from: start, count: count, mask: mask)
        mask = Masking.turned(mask, by: count)
        guard remaining == 0 else { return .needMore }
        let payload = control
        control = ControlPayload()
        stage = .header
        switch opcode {
        case .ping: return .ping(payload)
        case .pong: return .pong(payload)
        default: return close(payload, bytes, at: &offset)
        }
    }

    private mutating func close(_ payload: ControlPayload, _ bytes: RawSpan, at offset: inout Int) -> WireEvent {
        switch CloseFrame.parse(payload) {
        case .success(let frame):
            stage = .ended
            return .close(frame)
        case .failure(let violation):
            return fail(violation, bytes, at: &offset)
        }
    }

    private mutating func fail(
        _ violation: ProtocolViolation,
        _ bytes: RawSpan,
        at offset: inout Int
    ) -> WireEvent {
        stage = .ended
        self.violation = violation
        offset = bytes.byteCount
        return .violation(violation.code, reason: violation.reason)
    }

    /// Takes as much of the frame's payload as there is.
    private mutating func takeCount(_ bytes: RawSpan, at offset: inout Int) -> Int {
        let count = Int(min(remaining, UInt64(bytes.byteCount &- offset)))
        remaining &-= UInt64(count)
        offset &+= count
        return count
    }
}
