internal import CLinux

/// A piece of queued output: this header, and the bytes behind it in one allocation.
@unsafe struct OutputChunk {
    var next: UnsafeMutablePointer<OutputChunk>?
    /// Sent up to here...
    var start: Int32 = 0
    /// ...filled up to here.
    var end: Int32 = 0
}

/// The memory behind all of a loop's output queues. A queue that runs empty gives everything back.
@safe struct OutputPool: ~Copyable {
    /// Chunks kept when nobody uses them: 1 MiB.
    static let kept = 256
    /// Bytes of one allocation...
    static let chunkSize = 4096
    /// ...and of what it holds.
    static let chunkCapacity = unsafe chunkSize - MemoryLayout<OutputChunk>.stride
    /// How many pieces one system call takes.
    static let vectorLimit = 64

    private var free: UnsafeMutablePointer<OutputChunk>?
    private var freeCount = 0
    /// Chunks in use by queues.
    private(set) var usedCount = 0
    /// Whether queues should be emptied before the tick ends: 2 MiB are in use.
    var isBusy: Bool { usedCount >= 512 }
    /// Room for the pieces of one call.
    let vectors: UnsafeMutablePointer<iovec>

    init() {
        unsafe vectors = .allocate(capacity: Self.vectorLimit)
        unsafe vectors.initialize(repeating: iovec(), count: Self.vectorLimit)
    }

    deinit {
        unsafe vectors.deallocate()
        var next = unsafe free
        while let chunk = unsafe next {
            unsafe next = chunk.pointee.next
            unsafe UnsafeMutableRawPointer(chunk).deallocate()
        }
    }

    mutating func take() -> UnsafeMutablePointer<OutputChunk> {
        usedCount += 1
        if let chunk = unsafe free {
            unsafe free = chunk.pointee.next
            freeCount -= 1
            unsafe chunk.pointee = OutputChunk()
            return unsafe chunk
        }
        let memory = UnsafeMutableRawPointer.allocate(byteCount: Self.chunkSize, alignment: 16)
        let chunk = unsafe memory.bindMemory(to: OutputChunk.self, capacity: 1)
        unsafe chunk.initialize(to: OutputChunk())
        return unsafe chunk
    }

    mutating func give(_ chunk: UnsafeMutablePointer<OutputChunk>) {
        usedCount -= 1
        guard freeCount < Self.kept else {
            unsafe UnsafeMutableRawPointer(chunk).deallocate()
            return
        }
        unsafe chunk.pointee.next = free
        unsafe free = chunk
        freeCount += 1
    }
}
