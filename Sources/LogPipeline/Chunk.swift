/// A piece of an arena's memory. Belongs to one loop; freed or used again when no batch refers to it.
@safe final class Chunk {
    let capacity: Int
    let base: UnsafeMutableRawPointer

    init(capacity: Int) {
        self.capacity = capacity
        unsafe base = .allocate(byteCount: capacity, alignment: 64)
    }

    deinit { unsafe base.deallocate() }
}
