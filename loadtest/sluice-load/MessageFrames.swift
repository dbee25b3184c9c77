internal import Reactor
internal import WebSocketWire

/// Turns logs into masked frames, ready to be sent: one frame for a message, or several fragments.
@safe struct MessageFrames: ~Copyable {
    private struct Frame {
        /// Where its header stands in `headers`, with a mask of 0 as its last four bytes.
        let header: Int
        let headerSize: Int
        /// Where its payload stands in the message.
        let start: Int
        let count: Int
    }

    private static let maskSize = 4

    /// Bytes of a message's frames.
    let messageSize: Int
    private let frames: [Frame]
    private let headers: [UInt8]
    private let output: UnsafeMutableRawPointer
    private let capacity: Int
    private var used = 0
    private var masks: MaskSource

    /// - Parameters:
    ///   - size: bytes of every message.
    ///   - fragment: payload bytes of a frame; nil for one frame a message.
    ///   - batch: messages that fit.
    init(size: Int, fragment: Int?, batch: Int, masks: MaskSource) {
        var frames: [Frame] = []
        var headers: [UInt8] = []
        var at = 0
        while at < size {
            let count = min(fragment ?? size, size - at)
            let opcode: Opcode = at == 0 ? .text : .continuation
            let start = headers.count
            FrameWriter.header(opcode, isFinal: at + count == size, count: count, mask: 0).append(to: &headers)
            frames.append(Frame(header: start, headerSize: headers.count - start, start: at, count: count))
            at += count
        }
        self.frames = frames
        self.headers = headers
        self.masks = masks
        messageSize = size + headers.count
        capacity = messageSize * batch
        unsafe output = .allocate(byteCount: capacity + Masking.padding, alignment: 64)
    }

    deinit { unsafe output.deallocate() }

    /// Hands what has been put together since `removeAll` to a connection.
    func send(to connection: ConnectionID, of loop: inout SocketLoop) {
        unsafe loop.send(connection, UnsafeRawBufferPointer(start: output, count: used).bytes)
    }

    /// The same as an array.
    var bytes: [UInt8] { unsafe Array(UnsafeRawBufferPointer(start: output, count: used)) }

    mutating func removeAll() { used = 0 }

    /// Appends a message, masked anew (RFC 6455 section 5.3).
    mutating func append(_ log: borrowing LogTemplate) {
        precondition(used + messageSize <= capacity, "more messages than a batch has")
        for frame in frames {
            let mask = masks.next()
            unsafe headers.withUnsafeBytes {
                unsafe (output + used).copyMemory(from: $0.baseAddress! + frame.header, byteCount: frame.headerSize)
            }
            used += frame.headerSize
            unsafe output.storeBytes(of: mask, toByteOffset: used - Self.maskSize, as: UInt32.self)
            unsafe Masking.copy(
                from: log.start + frame.start,
                to: output + used,
                count: frame.count,
                mask: mask
            )
            used += frame.count
        }
    }
}
