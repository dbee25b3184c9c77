import Admission
import Reactor
import Synchronization

/// The little that the loops of one gateway share.
package final class SharedState: Sendable {
    /// Upgraded connections in all loops, for `max_connections`: who has only opened TCP takes nobody's place.
    private let connections = Atomic<Int>(0)
    /// Everything that was accepted and is not closed.
    private let sockets = Atomic<Int>(0)
    /// The graceful end has begun: not ready, no new connections.
    private let draining = Atomic<Bool>(false)
    private let started = Atomic<Bool>(false)
    private let byRoute = SharedCounts<Int>()
    private let byAddress = SharedCounts<IPAddress>()
    private let byToken = SharedCounts<String>()
    /// Connections before their upgrade, by address.
    let handshakes = SharedCounts<IPAddress>()
    /// What the connections of a token may send together.
    let tokenRates = SharedBuckets()
    /// What the loops' counters are called.
    let names = Names()
    /// Which topics are written to.
    let use = TopicUse()
    /// What clients of `sluice.v1` come back to.
    let sessions: SessionTable

    /// - Parameters:
    ///   - sessionTimeout: nanoseconds for which a session is remembered that has no connection.
    ///   - maxSessions: how many are remembered.
    package init(sessionTimeout: UInt64 = 300 * second, maxSessions: Int = 100_000) {
        sessions = SessionTable(timeout: sessionTimeout, most: maxSessions)
    }

    package var isDraining: Bool { draining.load(ordering: .relaxed) }

    /// Kafka has answered for every topic there was, when somebody last asked.
    var hasStarted: Bool { started.load(ordering: .relaxed) }

    func noteStarted() { started.store(true, ordering: .relaxed) }

    package func beginDraining() { draining.store(true, ordering: .relaxed) }

    /// Counts a connection that was accepted, whatever it becomes.
    /// - Returns: whether it is one more than there may be; 0 is no bound. It is counted all the same.
    func openSocket(atMost bound: Int) -> Bool {
        let count = sockets.add(1, ordering: .relaxed).newValue
        return bound == 0 || count <= bound
    }

    func closeSocket() { sockets.subtract(1, ordering: .relaxed) }

    /// Takes the places that a connection needs, or none.
    ///
    /// Only what is bounded is counted; who came before a bound was set is not among those it counts.
    ///
    /// - Parameter bound: `max_connections`; 0 is no bound.
    func enter(
        route: Int,
        address: IPAddress?,
        token: String?,
        limits: ConnectionLimits,
        atMost bound: Int
    ) throws(Places.Full) -> Places {
        var places = Places()
        do throws(Places.Full) {
            try enter(bound)
            places.isCounted = true
            if limits.connections > 0 {
                guard byRoute.enter(route, atMost: limits.connections) else {
                    throw Places.Full(setting: "limits.connections")
                }
                places.route = route
            }
            if limits.connectionsPerAddress > 0, let address {
                guard byAddress.enter(address, atMost: limits.connectionsPerAddress) else {
                    throw Places.Full(setting: "limits.connections_per_address")
                }
                places.address = address
            }
            if limits.connectionsPerToken > 0, let token {
                guard byToken.enter(token, atMost: limits.connectionsPerToken) else {
                    throw Places.Full(setting: "limits.connections_per_token")
                }
                places.token = token
            }
        } catch {
            leave(places)
            throw error
        }
        return places
    }

    private func enter(_ bound: Int) throws(Places.Full) {
        let count = connections.add(1, ordering: .relaxed).newValue
        guard bound > 0, count > bound else { return }
        connections.subtract(1, ordering: .relaxed)
        throw Places.Full(setting: "max_connections")
    }

    /// Gives the places back.
    func leave(_ places: Places) {
        if places.isCounted { connections.subtract(1, ordering: .relaxed) }
        if let route = places.route { byRoute.leave(route) }
        if let address = places.address { byAddress.leave(address) }
        if let token = places.token { byToken.leave(token) }
    }
}
