/// Names one connection of one loop for as long as it lives, and nobody afterwards.
///
/// The slot is used again by later connections; the generation is not, so an event or a call for a connection that
/// has ended finds nobody.
package struct ConnectionID: Hashable, Sendable, BitwiseCopyable {
    /// Where the connection stands in its loop's slab; small, dense, used again.
    package let slot: UInt32
    /// How often the slot had been used before, never 0.
    package let generation: UInt32

    package init(slot: UInt32, generation: UInt32) {
        self.slot = slot
        self.generation = generation
    }

    /// The slot as an index of the owner's own array of connections.
    package var index: Int { Int(slot) }
}

extension ConnectionID {
    /// What stands in `epoll_event.data.u64`.
    var token: UInt64 { UInt64(generation) << 32 | UInt64(slot) }

    init(token: UInt64) {
        self.init(slot: UInt32(truncatingIfNeeded: token), generation: UInt32(token >> 32))
    }
}
