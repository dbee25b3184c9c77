import Reactor

/// Connections that wait for one topic (or for the partial budget), resumed in slices, the one paused first before
/// the others, so that a topic that comes back is not met by everybody at once.
struct PausedRing {
    private var waiting: [ConnectionID] = []
    private var first = 0

    /// How many are resumed in one tick.
    static let slice = 64

    var isEmpty: Bool { first == waiting.count }
    var count: Int { waiting.count - first }

    mutating func append(_ id: ConnectionID) { waiting.append(id) }

    /// The next slice; those that are closed by now are among them, their generation tells.
    mutating func next() -> ArraySlice<ConnectionID> {
        let end = min(first + Self.slice, waiting.count)
        defer {
            first = end
            if first == waiting.count {
                waiting.removeAll(keepingCapacity: waiting.capacity < 4_096)
                first = 0
            } else if first > 4_096 {
                waiting.removeFirst(first)
                first = 0
            }
        }
        return waiting[first..<end]
    }
}

/// Who is paused for one topic.
struct TopicPauses {
    /// Whoever came when it took nothing more.
    var anybody = PausedRing()
    /// Those that send much, until there is ample room, or until their turn has come: once a second a slice of them is
    /// looked at again. Who does not send much any more goes on then, and nobody waits for ever.
    private(set) var large = PausedRing()
    private var servedAt: UInt64 = 0
    private static let turn: UInt64 = 1_000_000_000

    var isEmpty: Bool { anybody.isEmpty && large.isEmpty }

    mutating func append(large id: ConnectionID, at now: UInt64) {
        if large.isEmpty { servedAt = now }
        large.append(id)
    }

    /// Those that send much and are to be looked at now.
    ///
    /// - Parameter isAmple: there is room for them.
    mutating func nextLarge(isAmple: Bool, at now: UInt64) -> ArraySlice<ConnectionID> {
        guard !large.isEmpty, isAmple || now &- servedAt >= TopicPauses.turn else { return [] }
        servedAt = now
        return large.next()
    }
}
