internal import CZlib

/// A sender as others have it: zlib itself, with or without context takeover, ending its messages as it likes.
package final class ZlibDeflater {
    /// How a message ends.
    package enum Ending: CaseIterable, Sendable {
        /// As RFC 7692 section 7.2.1 has it, and nearly everybody does it.
        case syncFlush
        /// A final block, and the empty one behind it (section 7.2.3.4).
        case finalBlock
        /// The same without the empty one, as some senders leave it.
        case finalBlockAlone
    }

    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private let keepsContext: Bool
    private let windowBits: Int
    /// What was sent, for the next message to refer to.
    private var sent: [UInt8] = []

    package init(windowBits: Int, keepsContext: Bool, level: Int = 6) {
        self.keepsContext = keepsContext
        self.windowBits = windowBits
        stream.initialize(to: z_stream())
        let size = Int32(MemoryLayout<z_stream>.size)
        let bits = -Int32(windowBits)
        let code = deflateInit2_(
            stream,
            Int32(level),
            Z_DEFLATED,
            bits,
            8,
            Z_DEFAULT_STRATEGY,
            ZLIB_VERSION,
            size
        )
        precondition(code == Z_OK, "zlib makes no deflater: \(code)")
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// The payload of the next message.
    ///
    /// - Parameter flushes: Where a block ends on the way, as bytes of the message.
    package func compress(_ message: [UInt8], ending: Ending = .syncFlush, flushes: [Int] = []) -> [UInt8] {
        if !keepsContext { deflateReset(stream) }
        var payload: [UInt8] = []
        var start = 0
        for end in flushes {
            payload += step(message[start..<end], Z_FULL_FLUSH)
            start = end
        }
        payload += step(message[start...], ending == .syncFlush ? Z_SYNC_FLUSH : Z_FINISH)
        sent = (sent + message).suffix(1 << windowBits)
        switch ending {
        case .syncFlush:
            // zlib says nothing when there is nothing to say since the last flush.
            if payload.isEmpty { return [0] }
            payload.removeLast(4)
        case .finalBlock, .finalBlockAlone:
            deflateReset(stream)
            if keepsContext { deflateSetDictionary(stream, sent, uInt(sent.count)) }
            if ending == .finalBlock { payload.append(0) }
        }
        return payload
    }

    private func step(_ bytes: ArraySlice<UInt8>, _ flush: Int32) -> [UInt8] {
        var written: [UInt8] = []
        var input = Array(bytes)
        var output = [UInt8](repeating: 0, count: 4_096)
        input.withUnsafeMutableBufferPointer { input in
            stream.pointee.next_in = input.baseAddress
            stream.pointee.avail_in = uInt(input.count)
            repeat {
                output.withUnsafeMutableBufferPointer { output in
                    stream.pointee.next_out = output.baseAddress
                    stream.pointee.avail_out = uInt(output.count)
                    deflate(stream, flush)
                    written += output[..<(output.count - Int(stream.pointee.avail_out))]
                }
            } while stream.pointee.avail_out == 0
        }
        return written
    }
}
