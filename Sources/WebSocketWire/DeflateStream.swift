internal import CZlib

/// zlib's raw deflate.
@safe final class DeflateStream {
    /// On the heap, because zlib remembers where its stream is.
    private let stream: UnsafeMutablePointer<z_stream>

    /// - Parameter windowBits: 9 to 15.
    /// - Returns: nil when zlib refuses, for which it knows no reason but a lack of memory.
    init?(level: Int, windowBits: Int, memoryLevel: Int) {
        unsafe stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        let code = unsafe deflateInit2_(
            stream,
            Int32(level),
            Z_DEFLATED,
            // Negative: deflate without a wrapper of zlib's or gzip's.
            -Int32(windowBits),
            Int32(memoryLevel),
            Z_DEFAULT_STRATEGY,
            ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size)
        )
        guard code == Z_OK else { return nil }
    }

    deinit {
        unsafe deflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Appends what the payload becomes on its own, with a flush behind it that ends in 00 00 FF FF.
    ///
    /// - Parameter chunk: Where zlib writes before it is appended.
    func append(
        _ payload: UnsafeRawBufferPointer,
        through chunk: UnsafeMutableRawBufferPointer,
        to target: inout [UInt8]
    ) {
        unsafe deflateReset(stream)
        var taken = 0
        while true {
            let given = UInt32(clamping: payload.count &- taken)
            let flush = taken &+ Int(given) == payload.count ? Z_SYNC_FLUSH : Z_NO_FLUSH
            let next = unsafe payload.baseAddress?.advanced(by: taken).assumingMemoryBound(to: UInt8.self)
            unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: next)
            unsafe stream.pointee.avail_in = given
            unsafe stream.pointee.next_out = chunk.baseAddress?.assumingMemoryBound(to: UInt8.self)
            unsafe stream.pointee.avail_out = UInt32(chunk.count)
            unsafe deflate(stream, flush)
            taken &+= Int(given &- (unsafe stream.pointee.avail_in))
            let room = Int(unsafe stream.pointee.avail_out)
            unsafe target.append(contentsOf: chunk[..<(chunk.count &- room)])
            // With room left, all that the flush asks for is out (zlib.h on deflate).
            if room > 0, flush == Z_SYNC_FLUSH { return }
        }
    }
}
