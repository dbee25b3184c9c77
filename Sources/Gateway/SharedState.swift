import Synchronization

/// The little that the loops of one gateway share.
package final class SharedState: Sendable {
    /// Open connections in all loops, for `max_connections`.
    let connections = Atomic<Int>(0)
    /// The graceful end has begun: not ready, no new connections.
    private let draining = Atomic<Bool>(false)

    package init() {}

    package var isDraining: Bool { draining.load(ordering: .relaxed) }

    package func beginDraining() { draining.store(true, ordering: .relaxed) }
}
