import CZlib

/// Makes gzip, by zlib.
package enum Gzip {
    /// One member (RFC 1952 section 2.2).
    ///
    /// - Parameter describes: with a file name, a comment, extra bytes and the header's own checksum.
    package static func member(_ bytes: [UInt8], level: Int = 6, describes: Bool = false) -> [UInt8] {
        var stream = z_stream()
        let size = Int32(MemoryLayout<z_stream>.size)
        var code = deflateInit2_(&stream, Int32(level), Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size)
        precondition(code == Z_OK)
        defer { deflateEnd(&stream) }
        var text: [UInt8] = Array("some text".utf8) + [0]
        var input = bytes + [0]
        var output = [UInt8](repeating: 0, count: bytes.count + bytes.count / 8 + 256)
        return text.withUnsafeMutableBufferPointer { text in
            var header = gz_header()
            header.name = text.baseAddress
            header.comment = text.baseAddress
            header.extra = text.baseAddress
            header.extra_len = UInt32(text.count)
            header.hcrc = 1
            return withUnsafeMutablePointer(to: &header) { header in
                if describes { deflateSetHeader(&stream, header) }
                return input.withUnsafeMutableBufferPointer { input in
                    output.withUnsafeMutableBufferPointer { output in
                        stream.next_in = input.baseAddress
                        stream.avail_in = UInt32(bytes.count)
                        stream.next_out = output.baseAddress
                        stream.avail_out = UInt32(output.count)
                        code = deflate(&stream, Z_FINISH)
                        precondition(code == Z_STREAM_END)
                        return Array(output.prefix(output.count - Int(stream.avail_out)))
                    }
                }
            }
        }
    }
}
