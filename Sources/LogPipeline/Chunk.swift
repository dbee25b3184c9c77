import Glibc

/// A piece of an arena's memory. Belongs to one loop; freed or used again when no batch refers to it.
///
/// Mapped rather than allocated, so that giving it back after a burst really returns it to the system.
@safe final class Chunk {
    let capacity: Int
    let base: UnsafeMutableRawPointer
    /// How many batches hold records that lie here.
    var references = 0

    /// - Parameter capacity: bytes; rounded up to whole pages.
    init(capacity: Int) {
        let page = 4096
        self.capacity = (capacity + page - 1) / page * page
        let mapped = unsafe mmap(nil, self.capacity, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let mapped = unsafe mapped, Int(bitPattern: mapped) != -1 else {
            fatalError("out of memory: \(self.capacity) bytes for logs")
        }
        unsafe base = mapped
    }

    deinit { unsafe _ = munmap(base, capacity) }
}
