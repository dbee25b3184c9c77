import Reactor

// Connections that have been open for long enough.
extension GatewayLoop where P: ~Copyable, T: ~Copyable {
    /// From now on its time runs.
    func beginAgeing(_ id: ConnectionID, _ state: inout ConnectionState) {
        state.endsAt = ConnectionAge.end(of: policies[state.route].maxAge, from: reactor.now, id)
    }

    /// Whether it is to go. Who is not being read keeps what it has sent until it is read again.
    func isOld(_ state: borrowing ConnectionState) -> Bool {
        state.endsAt <= reactor.now && state.pause == .none
    }

    /// A sender of POSTs is told with an answer.
    func age(_ requests: Requests, _ id: ConnectionID, _ state: inout ConnectionState) {
        if state.endsAt == .max { beginAgeing(id, &state) }
        if state.endsAt <= reactor.now { requests.isLast = true }
    }

    /// It is read again, and may be one of many that should have gone meanwhile.
    func putOffAge(_ id: ConnectionID, _ state: inout ConnectionState) {
        guard state.phase == .open, state.endsAt <= reactor.now else { return }
        state.endsAt = ConnectionAge.late(policies[state.route].maxAge, reactor.now, id)
    }

    /// The settings were read again: `max_connection_age` is what holds for open connections too, or a lower one would
    /// help only after they have gone. Their time begins anew where it is another one.
    mutating func replaceAges(_ before: [RoutePolicy]) {
        for version in currentRoutes {
            for other in routeLabels.indices where routeLabels[other] == routeLabels[version] {
                policies[other].maxAge = policies[version].maxAge
            }
        }
        for case let connection? in connections where connection.state.phase == .open {
            let route = connection.state.route
            guard policies[route].maxAge != before[route].maxAge else { continue }
            beginAgeing(connection.id, &connection.state)
            schedule(connection.id, &connection.state)
        }
    }

    /// Why connections are told to go.
    var goodbye: String { draining == nil ? "max_connection_age" : "shutting down" }
}
