import Synchronization

/// The little that the loops of one gateway share.
package final class SharedState: Sendable {
    /// Upgraded connections in all loops, for `max_connections`: who has only opened TCP takes nobody's place.
    private let connections = Atomic<Int>(0)
    /// The graceful end has begun: not ready, no new connections.
    private let draining = Atomic<Bool>(false)

    package init() {}

    package var isDraining: Bool { draining.load(ordering: .relaxed) }

    package func beginDraining() { draining.store(true, ordering: .relaxed) }

    /// Takes a place, if there is one.
    /// - Parameter bound: how many there are; 0 is no bound.
    func enter(atMost bound: Int) -> Bool {
        let count = connections.add(1, ordering: .relaxed).newValue
        guard bound > 0, count > bound else { return true }
        leave()
        return false
    }

    /// Gives the place back.
    func leave() { connections.subtract(1, ordering: .relaxed) }
}
