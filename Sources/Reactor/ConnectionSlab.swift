/// The loop's lists that a connection stands in, so that it stands in each once.
struct SlotLists: OptionSet, BitwiseCopyable {
    let rawValue: UInt8

    static let masks = SlotLists(rawValue: 1 << 0)
    static let flush = SlotLists(rawValue: 1 << 1)
    static let pending = SlotLists(rawValue: 1 << 2)
}

/// One connection's place in a slab.
struct ConnectionSlot<T: Transport & ~Copyable>: ~Copyable {
    /// nil while the slot is free.
    var transport: T?
    var output = OutputQueue()
    /// TLS, or a PROXY header; nil for plain bytes.
    var layer: StreamLayer?
    var state = ConnectionState()
    var lists = SlotLists()
    var generation: UInt32 = 1
    var nextFree = UInt32.max
}

/// The connections of one loop: in chunks that never move, free places linked through themselves.
///
/// Beside the places stand their deadlines, one 32-bit number each, so that looking through all of them reads 4 bytes
/// a connection.
@safe struct ConnectionSlab<T: Transport & ~Copyable>: ~Copyable {
    static var chunkCapacity: Int { 1024 }

    @safe private struct Chunk {
        let slots: UnsafeMutablePointer<ConnectionSlot<T>>
        let deadlines: UnsafeMutablePointer<UInt32>
    }

    private var chunks: [Chunk] = []
    /// Places that have ever been used; only these are initialised.
    private(set) var used = 0
    /// Places with a connection.
    private(set) var count = 0
    private var firstFree = UInt32.max

    deinit {
        for index in 0..<used {
            let slot = unsafe pointer(to: index)
            unsafe slot.pointee.output.deallocate()
            unsafe slot.deinitialize(count: 1)
        }
        for chunk in chunks {
            unsafe chunk.slots.deallocate()
            unsafe chunk.deadlines.deallocate()
        }
    }

    /// Takes a free place, the one freed last first: its memory is warm.
    mutating func insert(_ transport: consuming T, state: ConnectionState) -> ConnectionID {
        if firstFree == .max { grow() }
        let index = Int(firstFree)
        let slot = unsafe pointer(to: index)
        unsafe firstFree = slot.pointee.nextFree
        unsafe slot.pointee.transport = consume transport
        unsafe slot.pointee.state = state
        unsafe slot.pointee.lists = []
        count += 1
        return unsafe ConnectionID(slot: UInt32(index), generation: slot.pointee.generation)
    }

    /// Closes the connection. Its ID finds nobody from now on; its place is not used again before `recycle`.
    mutating func end(_ index: Int) {
        let slot = unsafe pointer(to: index)
        unsafe slot.pointee.layer = nil
        unsafe slot.pointee.transport = nil
        // 0 is the loop's own.
        unsafe slot.pointee.generation = slot.pointee.generation == .max ? 1 : slot.pointee.generation + 1
        setDeadline(index, DeadlineClock.never)
        count -= 1
    }

    mutating func recycle(_ index: Int) {
        unsafe pointer(to: index).pointee.nextFree = firstFree
        firstFree = UInt32(index)
    }

    /// Whether the connection that this ID names is still there.
    func isCurrent(_ id: ConnectionID) -> Bool {
        guard id.index < used else { return false }
        let slot = unsafe pointer(to: id.index)
        return unsafe slot.pointee.generation == id.generation && slot.pointee.transport != nil
    }

    func id(at index: Int) -> ConnectionID {
        unsafe ConnectionID(slot: UInt32(index), generation: pointer(to: index).pointee.generation)
    }

    subscript(index: Int) -> ConnectionSlot<T> {
        _read { yield unsafe pointer(to: index).pointee }
        _modify { yield unsafe &pointer(to: index).pointee }
    }

    func peer(_ index: Int) -> PeerAddress? {
        if let client = unsafe pointer(to: index).pointee.layer?.client { return client }
        return switch unsafe pointer(to: index).pointee.transport {
        case .some(let transport): transport.peer
        case .none: nil
        }
    }

    func deadline(_ index: Int) -> UInt32 {
        unsafe chunks[index / Self.chunkCapacity].deadlines[index % Self.chunkCapacity]
    }

    mutating func setDeadline(_ index: Int, _ tick: UInt32) {
        unsafe chunks[index / Self.chunkCapacity].deadlines[index % Self.chunkCapacity] = tick
    }

    /// The first place from `index` on, within one eighth of each chunk, whose deadline has passed.
    func nextExpired(from index: Int, slice: Int, now: UInt32) -> Int? {
        let length = Self.chunkCapacity / DeadlineClock.slices
        var index = index
        while index < used {
            let chunk = index / Self.chunkCapacity
            let start = chunk * Self.chunkCapacity + slice * length
            let end = min(start + length, used)
            let deadlines = unsafe chunks[chunk].deadlines
            var candidate = max(index, start)
            while candidate < end {
                if unsafe deadlines[candidate % Self.chunkCapacity] <= now { return candidate }
                candidate += 1
            }
            index = (chunk + 1) * Self.chunkCapacity
        }
        return nil
    }

    private mutating func grow() {
        if used == chunks.count * Self.chunkCapacity {
            let deadlines = UnsafeMutablePointer<UInt32>.allocate(capacity: Self.chunkCapacity)
            unsafe deadlines.initialize(repeating: DeadlineClock.never, count: Self.chunkCapacity)
            unsafe chunks.append(Chunk(slots: .allocate(capacity: Self.chunkCapacity), deadlines: deadlines))
        }
        unsafe pointer(to: used).initialize(to: ConnectionSlot())
        used += 1
        recycle(used - 1)
    }

    private func pointer(to index: Int) -> UnsafeMutablePointer<ConnectionSlot<T>> {
        unsafe chunks[index / Self.chunkCapacity].slots + index % Self.chunkCapacity
    }
}
