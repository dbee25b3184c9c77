/// Deflates messages (RFC 7692 section 7.2.1), each by itself, so that one serves all connections of a loop.
@safe package final class Deflater {
    private static let smallestWindow = 9

    private let level: Int
    private let memoryLevel: Int
    /// By bits of the window. Made when first wanted: one takes up to a quarter of a mebibyte.
    private var streams = [DeflateStream?](repeating: nil, count: 7)
    private let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 16_384, alignment: 16)

    /// - Parameters:
    ///   - level: zlib's, 1 to 9.
    ///   - memoryLevel: zlib's, 1 to 9.
    package init(level: Int, memoryLevel: Int) {
        precondition((1...9).contains(level), "level \(level)")
        precondition((1...9).contains(memoryLevel), "memory level \(memoryLevel)")
        self.level = level
        self.memoryLevel = memoryLevel
    }

    deinit { unsafe chunk.deallocate() }

    /// Appends the compressed payload of one whole message, without the 00 00 FF FF at its end.
    ///
    /// - Parameter windowBits: 8 to 15, what the receiver holds. With 8, which zlib cannot do, it is deflate that
    ///   compresses nothing.
    package func compress(_ payload: UnsafeRawBufferPointer, windowBits: Int, into target: inout [UInt8]) {
        guard unsafe !payload.isEmpty, let stream = stream(windowBits) else {
            return unsafe store(payload, into: &target)
        }
        unsafe stream.append(payload, through: chunk, to: &target)
        target.removeLast(4)
    }

    /// Nil when there is none for this window.
    private func stream(_ windowBits: Int) -> DeflateStream? {
        let index = windowBits - Self.smallestWindow
        guard streams.indices.contains(index) else { return nil }
        if streams[index] == nil {
            streams[index] = DeflateStream(level: level, windowBits: windowBits, memoryLevel: memoryLevel)
        }
        return streams[index]
    }

    /// Blocks without compression (RFC 1951 section 3.2.4), and of the empty one behind them the first byte.
    private func store(_ payload: UnsafeRawBufferPointer, into target: inout [UInt8]) {
        var start = 0
        while start < payload.count {
            let count = min(payload.count &- start, 65_535)
            let length = UInt16(count)
            target.append(0)
            for field in [length, ~length] {
                target.append(UInt8(truncatingIfNeeded: field))
                target.append(UInt8(truncatingIfNeeded: field >> 8))
            }
            unsafe target.append(contentsOf: payload[start..<start &+ count])
            start &+= count
        }
        target.append(0)
    }
}
