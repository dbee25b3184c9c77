/// The batches that a writer fills, one for each route in use.
///
/// Plain memory: whether an array's storage is shared would be looked up with every log.
@safe struct OpenBatches: ~Copyable {
    private(set) var count = 0
    private var capacity = 4
    private var base: UnsafeMutablePointer<OpenBatch>

    init() { unsafe base = .allocate(capacity: capacity) }

    deinit {
        unsafe base.deinitialize(count: count)
        unsafe base.deallocate()
    }

    var indices: Range<Int> { 0..<count }

    // An address and not a coroutine: nothing is lent and given back with every log.
    subscript(index: Int) -> OpenBatch {
        @inline(__always) unsafeAddress {
            precondition(index >= 0 && index < count, "no such batch")
            return unsafe UnsafePointer(base + index)
        }
        @inline(__always) unsafeMutableAddress {
            precondition(index >= 0 && index < count, "no such batch")
            return unsafe base + index
        }
    }

    mutating func append(_ batch: OpenBatch) {
        if count == capacity { grow() }
        unsafe (base + count).initialize(to: batch)
        count += 1
    }

    /// The others stay in their order, and move to other indices.
    mutating func removeEmpty() {
        var kept = 0
        for index in 0..<count {
            let batch = unsafe (base + index).move()
            guard !batch.isEmpty else { continue }
            unsafe (base + kept).initialize(to: batch)
            kept += 1
        }
        count = kept
    }

    private mutating func grow() {
        let wider = UnsafeMutablePointer<OpenBatch>.allocate(capacity: capacity * 2)
        unsafe wider.moveInitialize(from: base, count: count)
        unsafe base.deallocate()
        unsafe base = wider
        capacity *= 2
    }
}
