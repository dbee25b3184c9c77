internal import CZlib

/// zlib's raw inflate, and what it has allocated.
@safe struct InflateStream: ~Copyable {
    @unsafe private struct Place {
        /// First, so that zlib's pointer and ours are the same.
        var stream = unsafe z_stream()
        var allocated = 0
    }

    /// On the heap, because zlib remembers where its stream is.
    private let place: UnsafeMutablePointer<Place>

    /// - Parameter window: What came before, if anything did.
    /// - Returns: nil when zlib refuses, for which it knows no reason but a lack of memory.
    init?(windowBits: Int, window: [UInt8]) {
        unsafe place = UnsafeMutablePointer<Place>.allocate(capacity: 1)
        unsafe place.initialize(to: Place())
        let stream = unsafe self.stream
        unsafe stream.pointee.opaque = UnsafeMutableRawPointer(place)
        unsafe stream.pointee.zalloc = { place, count, size in
            let bytes = Int(count) * Int(size)
            unsafe place?.assumingMemoryBound(to: Place.self).pointee.allocated += bytes
            return UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 16)
        }
        unsafe stream.pointee.zfree = { _, memory in unsafe memory?.deallocate() }
        // Negative bits: deflate without a wrapper of zlib's or gzip's.
        let size = unsafe Int32(MemoryLayout<z_stream>.size)
        guard unsafe inflateInit2_(stream, -Int32(windowBits), ZLIB_VERSION, size) == Z_OK else { return nil }
        guard !window.isEmpty else { return }
        guard unsafe inflateSetDictionary(stream, window, uInt(window.count)) == Z_OK else { return nil }
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe place.deallocate()
    }

    private var stream: UnsafeMutablePointer<z_stream> {
        unsafe UnsafeMutableRawPointer(place).assumingMemoryBound(to: z_stream.self)
    }

    /// Bytes of heap.
    var memoryBytes: Int { unsafe place.pointee.allocated + MemoryLayout<Place>.size }

    /// Whether what was taken last ended a block, and a byte with it.
    var isAtBoundary: Bool {
        // zlib.h on data_type: 128 right behind a block, and in the bits below, what is left of the last byte.
        unsafe stream.pointee.data_type == 128
    }

    /// One step of zlib.
    ///
    /// - Returns: its code.
    func inflate(
        _ input: UnsafeRawBufferPointer,
        taken: inout Int,
        into output: UnsafeMutableRawBufferPointer,
        produced: inout Int
    ) -> Int32 {
        // zlib wants a place even for no bytes at all, and does not touch it.
        let nowhere = unsafe UnsafeMutableRawPointer(place)
        let stream = unsafe self.stream
        let given = UInt32(clamping: input.count &- taken)
        let room = UInt32(clamping: output.count &- produced)
        let next = unsafe (input.baseAddress ?? UnsafeRawPointer(nowhere)) + taken
        unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: next.assumingMemoryBound(to: UInt8.self))
        unsafe stream.pointee.avail_in = given
        let target = unsafe (output.baseAddress ?? nowhere) + produced
        unsafe stream.pointee.next_out = target.assumingMemoryBound(to: UInt8.self)
        unsafe stream.pointee.avail_out = room
        let code = unsafe CZlib.inflate(stream, Z_SYNC_FLUSH)
        taken &+= Int(given &- (unsafe stream.pointee.avail_in))
        produced &+= Int(room &- (unsafe stream.pointee.avail_out))
        return code
    }

    /// Begins anew behind a final block: what comes may still refer to what was.
    func resetKeepingWindow() { unsafe inflateResetKeep(stream) }

    /// Begins anew.
    func reset() { unsafe inflateReset(stream) }

    /// What the next message may refer to.
    func window() -> [UInt8] {
        var count: uInt = 0
        unsafe inflateGetDictionary(stream, nil, &count)
        // Filling none of an array's room writes into the one that all empty arrays share, which the thread sanitizer sees.
        guard count > 0 else { return [] }
        return unsafe [UInt8](unsafeUninitializedCapacity: Int(count)) { bytes, used in
            unsafe inflateGetDictionary(stream, bytes.baseAddress, &count)
            used = Int(count)
        }
    }
}
