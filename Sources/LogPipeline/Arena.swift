/// Memory for the payloads of one writer, in chunks that outlive their batches.
///
/// A payload is written once, where it stays until it is settled. Refused: `used` is not advanced, and the next one
/// overwrites it. Accepted: the batch it goes to refers to the chunk; a chunk that no batch refers to starts again.
@safe struct Arena: ~Copyable {
    /// Room before each payload: what wrapping puts there, `{"timestamp":"…","message":"`.
    static let front = 51
    /// Chunks kept for the next burst, at most; 64 MiB in chunks of 256 KiB, as long logs have in flight at full speed.
    /// With a quarter of it, pages came and went: 16 KiB logs cost an eighth more.
    private static let mostSpare = 256

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
    /// The address at which the room of a payload that begins at `payload` has to end; 0 when the next one has to begin
    /// elsewhere.
    private var limit: Int
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
        limit = unsafe Int(bitPattern: open.base) + open.capacity
    }

    /// The chunk in which the reservation lies.
    var chunk: Chunk { oversize ?? open }
    /// Where that chunk begins.
    private(set) var chunkBase: UnsafeMutableRawPointer

    /// Room for a payload of `count` bytes at `payload`. Takes the place of the reservation before, if that was not
    /// committed.
    @inline(__always)
    mutating func reserve(_ count: Int) {
        let left = unsafe limit &- Int(bitPattern: payload)
        if count &+ PaddedText.behind(count) > left { reserveAnew(count) }
    }

    /// A second reservation behind the first `count` bytes of the present one, or in another chunk; the first stays
    /// readable until the next `reserve`.
    /// - Returns: what holds the first one, to be kept until it has been read.
    mutating func reserveAnother(after count: Int, _ wanted: Int) -> Chunk {
        let holder = chunk
        let need = Arena.room(wanted)
        let behind = unsafe payload - holder.base + count
        if need <= holder.capacity - behind {
            unsafe payload = holder.base + (behind + Arena.front)
            expectAnew()
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
            unsafe payload = end + Arena.front
        } else {
            oversize = nil
            unsafe chunkBase = open.base
        }
    }

    /// A batch gives back what it referred to.
    mutating func release(_ chunk: Chunk) {
        chunk.references -= 1
        guard chunk.references == 0 else { return }
        if chunk === open { expectAnew() } else { recycle(chunk) }
    }

    /// Gives half of what was not needed since the last call back to the system.
    mutating func trim() {
        let surplus = min((leastSpare + 1) / 2, spare.count)
        for _ in 0..<surplus { mappedBytes -= spare.removeLast().capacity }
        leastSpare = spare.count
    }

    /// Bytes of a chunk for a payload of `count` bytes: with what wrapping and vectors want around it.
    private static func room(_ count: Int) -> Int { front + count + PaddedText.behind(count) }

    /// The next reservation begins somewhere else than behind the last commit.
    private mutating func expectAnew() { limit = 0 }

    @inline(never)
    private mutating func reserveAnew(_ count: Int) {
        if oversize != nil { dropOversize() }
        if open.references == 0 { used = 0 }
        let need = Arena.room(count)
        guard need <= open.capacity - used else { return reserveElsewhere(need) }
        unsafe payload = open.base + (used + Arena.front)
        limit = unsafe Int(bitPattern: open.base) + open.capacity
    }

    private mutating func reserveElsewhere(_ need: Int) {
        if need > chunkBytes {
            let chunk = Chunk(capacity: need)
            mappedBytes += chunk.capacity
            unsafe chunkBase = chunk.base
            unsafe payload = chunk.base + Arena.front
            oversize = chunk
            expectAnew()
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
        limit = unsafe Int(bitPattern: open.base) + open.capacity
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
