internal import WebSocketWire

/// The frames of every message of one size: their headers, made once.
struct FrameLayout {
    struct Frame {
        /// Where its header stands in `headers`, with a mask of 0 as its last four bytes.
        let header: Int
        let headerSize: Int
        /// Where its payload stands in the message.
        let start: Int
        let count: Int
    }

    let frames: [Frame]
    let headers: [UInt8]
    /// Bytes of all frames.
    let size: Int

    /// - Parameter size: bytes of the message, at least 1.
    init(_ form: MessageForm, size: Int) {
        var frames: [Frame] = []
        var headers: [UInt8] = []
        var at = 0
        while at < size {
            let count = min(form.fragment ?? size, size - at)
            let opcode = at == 0 ? form.opcode : .continuation
            let start = headers.count
            FrameWriter.header(opcode, isFinal: at + count == size, count: count, mask: 0).append(to: &headers)
            frames.append(Frame(header: start, headerSize: headers.count - start, start: at, count: count))
            at += count
        }
        self.frames = frames
        self.headers = headers
        self.size = size + headers.count
    }
}
