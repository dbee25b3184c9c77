internal import CLinux

/// Bytes that wait to be sent on one connection. Empty, it owns nothing.
@safe struct OutputQueue: BitwiseCopyable {
    private var head: UnsafeMutablePointer<OutputChunk>?
    private var tail: UnsafeMutablePointer<OutputChunk>?
    /// Bytes queued.
    private(set) var count = 0

    mutating func append(_ bytes: RawSpan, from pool: inout OutputPool) {
        unsafe bytes.withUnsafeBytes { bytes in
            guard let source = bytes.baseAddress else { return }
            var copied = 0
            while copied < bytes.count {
                let chunk = unsafe roomyTail(&pool)
                let filled = unsafe Int(chunk.pointee.end)
                let part = min(bytes.count - copied, OutputPool.chunkCapacity - filled)
                unsafe (Self.storage(of: chunk) + filled).copyMemory(from: source + copied, byteCount: part)
                unsafe chunk.pointee.end += Int32(part)
                copied += part
            }
            count += copied
        }
    }

    /// Lists the first pieces in the pool's vectors.
    /// - Returns: how many pieces, and their bytes.
    func gather(into pool: inout OutputPool) -> (pieces: Int, bytes: Int) {
        var pieces = 0
        var bytes = 0
        var next = unsafe head
        while let chunk = unsafe next, pieces < OutputPool.vectorLimit {
            let start = unsafe Int(chunk.pointee.start)
            let length = unsafe Int(chunk.pointee.end) - start
            unsafe pool.vectors[pieces] = iovec(iov_base: Self.storage(of: chunk) + start, iov_len: length)
            pieces += 1
            bytes += length
            unsafe next = chunk.pointee.next
        }
        return (pieces, bytes)
    }

    /// Removes what was sent.
    mutating func drop(first sent: Int, to pool: inout OutputPool) {
        precondition(sent <= count, "more sent than was queued")
        count -= sent
        var left = sent
        while let chunk = unsafe head {
            let length = unsafe Int(chunk.pointee.end - chunk.pointee.start)
            if left < length {
                unsafe chunk.pointee.start += Int32(left)
                return
            }
            left -= length
            unsafe head = chunk.pointee.next
            unsafe pool.give(chunk)
        }
        unsafe tail = nil
    }

    mutating func removeAll(to pool: inout OutputPool) { drop(first: count, to: &pool) }

    /// The first bytes, all in one piece.
    var first: UnsafeRawBufferPointer {
        guard let chunk = unsafe head else { return unsafe UnsafeRawBufferPointer(start: nil, count: 0) }
        let start = unsafe Int(chunk.pointee.start)
        let length = unsafe Int(chunk.pointee.end) - start
        return unsafe UnsafeRawBufferPointer(start: Self.storage(of: chunk) + start, count: length)
    }

    /// Frees what is queued, when there is no pool any more to give it to.
    func deallocate() {
        var next = unsafe head
        while let chunk = unsafe next {
            unsafe next = chunk.pointee.next
            unsafe UnsafeMutableRawPointer(chunk).deallocate()
        }
    }

    private mutating func roomyTail(_ pool: inout OutputPool) -> UnsafeMutablePointer<OutputChunk> {
        if let tail = unsafe tail, unsafe Int(tail.pointee.end) < OutputPool.chunkCapacity { return unsafe tail }
        let chunk = unsafe pool.take()
        if let tail = unsafe tail { unsafe tail.pointee.next = chunk } else { unsafe head = chunk }
        unsafe tail = chunk
        return unsafe chunk
    }

    private static func storage(of chunk: UnsafeMutablePointer<OutputChunk>) -> UnsafeMutableRawPointer {
        unsafe UnsafeMutableRawPointer(chunk + 1)
    }
}
