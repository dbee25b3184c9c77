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

    /// The settings were read again. `max_connection_age` holds for open connections too, or a lower one would help only
    /// after they have gone; and so does `ping_interval`, which fits the `idle_timeout` that was read with it: with another
    /// one nobody would be asked in time whether they still live. What has changed is counted from now. Of routes that are
    /// gone only the top level says something.
    ///
    /// - Parameters:
    ///   - before: by version of a route.
    ///   - idleTimeout: that of before.
    mutating func replaceTimes(_ before: [RoutePolicy], idleTimeout: UInt64) {
        for version in currentRoutes {
            for other in routeLabels.indices where routeLabels[other] == routeLabels[version] {
                policies[other].maxAge = policies[version].maxAge
                policies[other].pingInterval = policies[version].pingInterval
            }
        }
        let labels = Set(currentRoutes.map { routeLabels[$0] })
        for version in policies.indices where !labels.contains(routeLabels[version]) {
            policies[version].maxAge = configuration.maxAge
        }
        let silence = configuration.idleTimeout
        for version in policies.indices where silence > 0 && policies[version].pingInterval >= silence {
            policies[version].pingInterval = silence / 2
        }
        for case let connection? in connections where connection.state.phase == .open {
            let (old, new) = (before[connection.state.route], policies[connection.state.route])
            let isSilenceNew = silence != idleTimeout
            guard isSilenceNew || old.maxAge != new.maxAge || old.pingInterval != new.pingInterval else { continue }
            if isSilenceNew { connection.state.keepAlive.heard(at: reactor.now) }
            if old.maxAge != new.maxAge { beginAgeing(connection.id, &connection.state) }
            schedule(connection.id, &connection.state)
        }
    }

    /// Why connections are told to go.
    var goodbye: String { draining == nil ? "max_connection_age" : "shutting down" }
}
