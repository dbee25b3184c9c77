internal import CZlib

/// RFC 7692 section 7.2.2 in the simplest form: a message whole, with all the room it wants, and a new zlib stream
/// wherever one begins.
package struct ReferenceInflate {
    private static let tail: [UInt8] = [0x00, 0x00, 0xFF, 0xFF]
    /// Final blocks of stored bytes. Where a message has ended as it should, each is understood.
    private static let probes: [[UInt8]] = [
        [0x01, 0x01, 0x00, 0xFE, 0xFF, 0x58], [0x01, 0x03, 0x00, 0xFC, 0xFF, 0x59, 0x59, 0x59],
    ]

    private let keepsContext: Bool
    private var history: [UInt8] = []

    package init(keepsContext: Bool) { self.keepsContext = keepsContext }

    /// - Returns: the next message, or nil when its payload is not what a sender may send.
    package mutating func message(_ payload: [UInt8]) -> [UInt8]? {
        var message: [UInt8] = []
        var rest = payload[...]
        while !rest.isEmpty {
            let before = keepsContext ? history + message : message
            if let block = Self.untilFinalBlock(Array(rest), before) {
                message += block.written
                rest = rest.suffix(block.left)
            } else {
                guard let last = Self.last(Array(rest), before) else { return nil }
                message += last
                rest = []
            }
        }
        history = (history + message).suffix(32_768)
        return message
    }

    /// What is left of a message, behind its last final block.
    private static func last(_ bytes: [UInt8], _ before: [UInt8]) -> [UInt8]? {
        var said: [[UInt8]] = []
        for probe in probes {
            guard let block = untilFinalBlock(bytes + tail + probe, before) else { return nil }
            let stored = probe.dropFirst(5)
            if block.left == 0, block.written.suffix(stored.count) == stored {
                said.append(block.written.dropLast(stored.count))
            } else if block.left == probe.count {
                // The tail itself has closed a final block.
                said.append(block.written)
            }
        }
        return said.count == 2 && said[0] == said[1] ? said[0] : nil
    }

    /// - Returns: what is written, and how many bytes are left; nil when there is no final block.
    private static func untilFinalBlock(_ bytes: [UInt8], _ before: [UInt8]) -> (written: [UInt8], left: Int)? {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        defer { stream.deallocate() }
        stream.initialize(to: z_stream())
        guard inflateInit2_(stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return nil }
        defer { inflateEnd(stream) }
        let window = Array(before.suffix(32_768))
        inflateSetDictionary(stream, window, uInt(window.count))
        var input = bytes
        var room = [UInt8](repeating: 0, count: 1 << 16)
        return input.withUnsafeMutableBufferPointer { input in
            stream.pointee.next_in = input.baseAddress
            stream.pointee.avail_in = uInt(input.count)
            var written: [UInt8] = []
            while true {
                let code = room.withUnsafeMutableBufferPointer { room in
                    stream.pointee.next_out = room.baseAddress
                    stream.pointee.avail_out = uInt(room.count)
                    return inflate(stream, Z_NO_FLUSH)
                }
                written += room[..<(room.count - Int(stream.pointee.avail_out))]
                if code == Z_STREAM_END { return (written, Int(stream.pointee.avail_in)) }
                guard code == Z_OK, stream.pointee.avail_out == 0 else { return nil }
            }
        }
    }
}
