/// Frames to send (RFC 6455 section 5).
///
/// A server leaves `mask` out. A client must give a new one, that nobody can foretell, with each frame (section 10.3).
package enum FrameWriter {
    /// The header alone, for a payload that goes out from where it lies.
    ///
    /// - Parameters:
    ///   - isCompressed: Whether the payload begins a message that went through `Deflater`.
    ///   - count: Bytes of the frame's payload.
    package static func header(
        _ opcode: Opcode,
        isFinal: Bool = true,
        isCompressed: Bool = false,
        count: Int,
        mask: UInt32? = nil
    ) -> FrameHeader {
        FrameHeader(opcode, isFinal: isFinal, isCompressed: isCompressed, count: count, mask: mask)
    }

    /// A whole data message in one frame. Text must be UTF-8, before it is compressed.
    package static func append(
        _ kind: MessageKind,
        _ payload: RawSpan,
        isCompressed: Bool = false,
        mask: UInt32? = nil,
        to buffer: inout [UInt8]
    ) {
        append(kind.opcode, isFinal: true, isCompressed: isCompressed, payload, mask: mask, to: &buffer)
    }

    package static func append(text: String, mask: UInt32? = nil, to buffer: inout [UInt8]) {
        unsafe append(.text, text.utf8.span.bytes, mask: mask, to: &buffer)
    }

    package static func append(ping payload: ControlPayload, mask: UInt32? = nil, to buffer: inout [UInt8]) {
        append(.ping, payload, mask: mask, to: &buffer)
    }

    package static func append(pong payload: ControlPayload, mask: UInt32? = nil, to buffer: inout [UInt8]) {
        append(.pong, payload, mask: mask, to: &buffer)
    }

    /// A Close frame.
    ///
    /// - Parameters:
    ///   - code: Nil for a frame without payload.
    ///   - reason: Cut behind the last character that ends within 123 bytes; needs a code.
    package static func append(
        close code: CloseCode?,
        reason: String = "",
        mask: UInt32? = nil,
        to buffer: inout [UInt8]
    ) {
        var payload = ControlPayload()
        if let code {
            payload.append([UInt8(truncatingIfNeeded: code.rawValue >> 8), UInt8(truncatingIfNeeded: code.rawValue)])
            for scalar in reason.unicodeScalars {
                let bytes = UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
                guard payload.count + bytes.count <= ControlPayload.capacity else { break }
                payload.append(bytes)
            }
        }
        append(.close, payload, mask: mask, to: &buffer)
    }

    /// Any frame: for the fragments of a message.
    package static func append(
        _ opcode: Opcode,
        isFinal: Bool,
        isCompressed: Bool = false,
        _ payload: RawSpan,
        mask: UInt32? = nil,
        to buffer: inout [UInt8]
    ) {
        let count = payload.byteCount
        header(opcode, isFinal: isFinal, isCompressed: isCompressed, count: count, mask: mask).append(to: &buffer)
        let start = buffer.count
        unsafe payload.withUnsafeBytes { unsafe buffer.append(contentsOf: $0) }
        if let mask { Masking.apply(mask, to: &buffer, from: start) }
    }

    private static func append(
        _ opcode: Opcode,
        _ payload: ControlPayload,
        mask: UInt32?,
        to buffer: inout [UInt8]
    ) {
        unsafe append(opcode, isFinal: true, payload.bytes.span.bytes, mask: mask, to: &buffer)
    }
}
