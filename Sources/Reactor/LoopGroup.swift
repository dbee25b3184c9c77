internal import Synchronization

/// The loops of a process, as far as they know of each other: how many connections each has, and where to hand one.
///
/// The kernel spreads connections over the loops' listeners by chance: well for thousands, badly for ten heavy ones.
package final class LoopGroup<Endpoint: ReactorEndpoint>: Sendable {
    /// A connection on its way to another loop.
    struct Handoff: Sendable {
        let endpoint: Endpoint
        let listener: Int
        let rules: ListenerRules
    }

    private struct Queue: Sendable {
        var waker: Waker?
        var handoffs: [Handoff] = []
    }

    private final class Member: Sendable {
        let connections = Atomic<Int>(0)
        let isOpen = Atomic<Bool>(false)
        let queue = Locked(Queue())
    }

    private let members: [Member]

    /// - Parameter loops: how many there will be.
    package init(loops: Int) {
        members = (0..<loops).map { _ in Member() }
    }

    /// Connections of a loop, those on their way to it included. From any thread.
    package func connections(of loop: Int) -> Int { members[loop].connections.load(ordering: .relaxed) }

    /// Who should have the next connection instead of this loop, if it has more than the emptiest by 8 and by 12 %.
    func placement(from loop: Int) -> Int? {
        let own = connections(of: loop)
        var best: Int?
        var least = own
        for (index, member) in members.enumerated()
        where index != loop && member.isOpen.load(ordering: .relaxed) && connections(of: index) < least {
            best = index
            least = connections(of: index)
        }
        return own - least > max(8, own * 12 / 100) ? best : nil
    }

    /// - Returns: false when the loop takes none any more; the endpoint stays the caller's.
    func hand(_ endpoint: Endpoint, listener: Int, _ rules: ListenerRules, to loop: Int) -> Bool {
        let member = members[loop]
        let waker = member.queue.withLock { queue in
            if queue.waker != nil {
                queue.handoffs.append(Handoff(endpoint: endpoint, listener: listener, rules: rules))
            }
            return queue.waker
        }
        guard let waker else { return false }
        member.connections.add(1, ordering: .relaxed)
        waker.wake()
        return true
    }

    func join(_ loop: Int, waker: Waker) {
        members[loop].queue.withLock { $0.waker = waker }
        members[loop].isOpen.store(true, ordering: .relaxed)
    }

    /// No more is placed there; what is on its way still arrives.
    func stopAccepting(_ loop: Int) { members[loop].isOpen.store(false, ordering: .relaxed) }

    func leave(_ loop: Int) {
        stopAccepting(loop)
        let left = members[loop].queue.withLock { queue in
            queue.waker = nil
            defer { queue.handoffs = [] }
            return queue.handoffs
        }
        for handoff in left { handoff.endpoint.close() }
    }

    func take(_ loop: Int, into handoffs: inout [Handoff]) {
        handoffs.removeAll(keepingCapacity: true)
        members[loop].queue.withLock { swap(&handoffs, &$0.handoffs) }
    }

    func changed(_ loop: Int, by difference: Int) {
        members[loop].connections.add(difference, ordering: .relaxed)
    }
}
