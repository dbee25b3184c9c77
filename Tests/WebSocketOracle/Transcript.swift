package import WebSocketWire

/// Runs a `FrameReader` over bytes that are cut in places, joins what it says, and holds it to its promises.
package struct Transcript {
    private var reader: FrameReader
    private var said: [Said] = []
    private var open: (kind: MessageKind, bytes: [UInt8], isCompressed: Bool)?
    /// What the frame of the open message announced, and how much of it has come.
    private var frame: (declared: UInt64, taken: UInt64)?
    private var isEnded = false

    /// - Parameter cuts: Where a read ends, in ascending order.
    package static func read(
        _ bytes: [UInt8],
        role: FrameReader.Role,
        allowsCompression: Bool = false,
        cuts: [Int] = []
    ) -> [Said] {
        var transcript = Transcript(reader: FrameReader(role: role, allowsCompression: allowsCompression))
        var start = 0
        for end in cuts + [bytes.count] {
            transcript.take(Array(bytes[start..<end]))
            start = end
        }
        return transcript.finish()
    }

    private init(reader: FrameReader) { self.reader = reader }

    private mutating func take(_ bytes: [UInt8]) {
        var offset = 0
        while true {
            let before = offset
            let event = reader.next(bytes.span.bytes, at: &offset)
            guard offset >= before, offset <= bytes.count else { return fault("the offset went astray") }
            if case .needMore = event {
                if offset != bytes.count { fault("more is wanted before all is taken") }
                return
            }
            if case .violation(let code, _) = event {
                if isEnded, said.last != .violation(code.rawValue) { fault("a violation came late") }
                if !isEnded { said.append(.violation(code.rawValue)) }
                isEnded = true
                return
            }
            if isEnded { return fault("something was said after the end") }
            add(event, bytes)
        }
    }

    private mutating func add(_ event: WireEvent, _ bytes: [UInt8]) {
        switch event {
        case .message(let frame):
            if open != nil { fault("a message began inside another one") }
            let payload = unmasked(bytes, frame.offset, frame.count, frame.mask)
            said.append(.message(frame.kind, payload, isCompressed: frame.isCompressed))
        case .piece(let piece): add(piece, bytes)
        case .ping(let payload): said.append(.ping(payload.bytes))
        case .pong(let payload): said.append(.pong(payload.bytes))
        case .close(let frame):
            said.append(.close(frame.code?.rawValue, frame.reason.bytes))
            if Array(frame.text.utf8) != frame.reason.bytes { fault("a close reason is no text") }
            isEnded = true
        case .needMore, .violation: break
        }
    }

    private mutating func add(_ piece: MessagePiece, _ bytes: [UInt8]) {
        if piece.begins != (open == nil) { fault("a piece begins or continues what it should not") }
        // Taken out of `open`, lest every piece copies the message so far.
        var message = open ?? (piece.kind, [], piece.isCompressed)
        open = nil
        if message.kind != piece.kind { fault("a message changed its kind") }
        if message.isCompressed != piece.isCompressed { fault("a message is compressed in part") }
        message.bytes += unmasked(bytes, piece.offset, piece.count, piece.mask)
        let taken = (frame?.taken ?? 0) + UInt64(piece.count)
        if let frame, frame.declared != piece.declared { fault("a frame changed its length") }
        if taken > piece.declared { fault("a frame is longer than announced") }
        frame = taken == piece.declared ? nil : (piece.declared, taken)
        if piece.ends, frame != nil { fault("a message ended within a frame") }
        open = piece.ends ? nil : message
        if piece.ends {
            said.append(.message(message.kind, message.bytes, isCompressed: message.isCompressed))
        }
        if piece.ends != reader.isBetweenMessages { fault("the reader does not know where it stands") }
    }

    /// As the gateway does it: copied into a place with room behind it.
    private mutating func unmasked(_ bytes: [UInt8], _ offset: Int, _ count: Int, _ mask: UInt32) -> [UInt8] {
        guard offset >= 0, count >= 0, offset + count <= bytes.count else {
            fault("a payload is outside of what was read")
            return []
        }
        let padding = [UInt8](repeating: 0, count: Masking.padding)
        var target = [UInt8](repeating: 0, count: count + Masking.padding)
        (bytes[offset..<offset + count] + padding).withUnsafeBytes { source in
            target.withUnsafeMutableBytes { target in
                Masking.copy(from: source.baseAddress!, to: target.baseAddress!, count: count, mask: mask)
            }
        }
        return Array(target.prefix(count))
    }

    private mutating func fault(_ text: String) {
        said.append(.fault(text))
        isEnded = true
    }

    private mutating func finish() -> [Said] {
        guard let open, !isEnded else { return said }
        return said + [.unfinished(open.kind, open.bytes, isCompressed: open.isCompressed)]
    }
}
