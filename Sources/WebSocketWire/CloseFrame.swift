/// The payload of a Close frame, checked (RFC 6455 sections 5.5.1 and 7.1.5).
package struct CloseFrame: Equatable, Sendable {
    /// Nil when the frame was empty, which is no fault.
    package let code: CloseCode?
    /// UTF-8, at most 123 bytes.
    package let reason: ControlPayload

    package init(code: CloseCode?, reason: ControlPayload = ControlPayload()) {
        self.code = code
        self.reason = reason
    }

    /// The reason as text.
    package var text: String { String(decoding: reason.bytes, as: UTF8.self) }

    static func parse(_ payload: ControlPayload) -> Result<CloseFrame, ProtocolViolation> {
        guard !payload.isEmpty else { return .success(CloseFrame(code: nil)) }
        guard payload.count >= 2 else { return .failure(.closePayloadOfOneByte) }
        let code = CloseCode(rawValue: UInt16(payload.bytes[0]) << 8 | UInt16(payload.bytes[1]))
        guard code.isValidOnTheWire else { return .failure(.closeCodeInvalid) }
        guard let reason = ControlPayload(Array(payload.bytes.dropFirst(2))),
            String(validating: reason.bytes, as: UTF8.self) != nil
        else { return .failure(.closeReasonNotUTF8) }
        return .success(CloseFrame(code: code, reason: reason))
    }
}
