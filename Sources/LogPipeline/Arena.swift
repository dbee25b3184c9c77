/// Memory for the payloads of one writer, in chunks that outlive their batches.
///
/// A payload is written once, where it stays until it is settled. Refused: `used` is not advanced, and the next one
/// overwrites it. Accepted: the batch it goes to refers to the chunk; a chunk that no batch refers to starts again.
@safe struct Arena: ~Copyable {
    /// Room before each payload: what wrapping puts there, `{"timestamp":"…","message":"`.
    static let front = 51
    /// Room behind each payload, for vectors and what wrapping puts there.
    static let behind = PaddedText.behind
    /// Chunks kept for the next burst, at most; 16 MiB in chunks of 256 KiB.
    private static let mostSpare = 64

    private let chunkBytes: Int
    private var open: Chunk
    private var used = 0
    /// Holds the reservation when it is too long for a chunk of the usual size.
    private var oversize: Chunk?
    private var spare: [Chunk] = []
    /// The fewest spare chunks since the last trimming: that many were not needed.
    private var leastSpare = 0
    /// Where the reserved payload begins.
    private(set) var payload: UnsafeMutableRawPointer
    /// Bytes mapped: open, in use by batches, spare.
    private(set) var mappedBytes: Int
    /// Whether there is memory for the next burst, which `trim` gives back bit by bit.
    var hasSpare: Bool { !spare.isEmpty }
    /// Bytes mapped that are not free to be used again.
    var occupiedBytes: Int { mappedBytes - spare.count * chunkBytes }

    init(chunkBytes: Int) {
        open = Chunk(capacity: chunkBytes)
        self.chunkBytes = open.capacity
        mappedBytes = open.capacity
        unsafe chunkBase = open.base
        unsafe payload = open.base + Arena.front
    }

    /// The chunk in which the reservation lies.
    var chunk: Chunk { oversize ?? open }
    /// Where that chunk begins.
    private(set) var chunkBase: UnsafeMutableRawPointer

    /// Room for a payload of `count` bytes at `payload`. Takes the place of the reservation before, if that was not
    /// committed.
    mutating func reserve(_ count: Int) {
        if oversize != nil { dropOversize() }
        if open.references == 0 { used = 0 }
        let need = Arena.front &+ count &+ Arena.behind
        if need > open.capacity &- used { return reserveElsewhere(need) }
        unsafe payload = open.base + (used &+ Arena.front)
    }

    /// A second reservation behind the first `count` bytes of the present one, or in another chunk; the first stays
    /// readable until the next `reserve`.
    /// - Returns: what holds the first one, to be kept until it has been read.
    mutating func reserveAnother(after count: Int, _ wanted: Int) -> Chunk {
        let holder = chunk
        let need = Arena.front + wanted + Arena.behind
        let behind = unsafe payload - holder.base + count
        if need <= holder.capacity - behind {
            unsafe payload = holder.base + (behind + Arena.front)
            return holder
        }
        if oversize != nil { dropOversize() }
        reserveElsewhere(need)
        return holder
    }

    /// Keeps everything up to `end`.
    mutating func commit(through end: UnsafeMutableRawPointer) {
        if oversize == nil {
            used = unsafe end - chunkBase
        } else {
            oversize = nil
            unsafe chunkBase = open.base
        }
    }

    /// A batch gives back what it referred to.
    mutating func release(_ chunk: Chunk) {
        chunk.references -= 1
        if chunk.references == 0, chunk !== open { recycle(chunk) }
    }

    /// Gives half of what was not needed since the last call back to the system.
    mutating func trim() {
        let surplus = min((leastSpare + 1) / 2, spare.count)
        for _ in 0..<surplus { mappedBytes -= spare.removeLast().capacity }
        leastSpare = spare.count
    }

    private mutating func reserveElsewhere(_ need: Int) {
        if need > chunkBytes {
            let chunk = Chunk(capacity: need)
            mappedBytes += chunk.capacity
            unsafe chunkBase = chunk.base
            unsafe payload = chunk.base + Arena.front
            oversize = chunk
            return
        }
        let full = open
        if let chunk = spare.popLast() {
            open = chunk
            leastSpare = min(leastSpare, spare.count)
        } else {
            open = Chunk(capacity: chunkBytes)
            mappedBytes += chunkBytes
        }
        used = 0
        if full.references == 0 { recycle(full) }
        unsafe chunkBase = open.base
        unsafe payload = open.base + Arena.front
    }

    private mutating func dropOversize() {
        mappedBytes -= oversize?.capacity ?? 0
        oversize = nil
        unsafe chunkBase = open.base
    }

    private mutating func recycle(_ chunk: Chunk) {
        if chunk.capacity == chunkBytes, spare.count < Arena.mostSpare {
            spare.append(chunk)
        } else {
            mappedBytes -= chunk.capacity
        }
    }
}
