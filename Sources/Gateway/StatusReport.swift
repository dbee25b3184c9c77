import LogPipeline

/// Everything at one moment, for people: the body of `/status`, which the status page shows.
struct StatusReport {
    let version: String
    /// Nanoseconds since the admin listener began.
    let uptime: UInt64
    let readiness: Readiness
    let routes: [LogRoute]
    /// Those that are written to.
    let topics: [TopicState]
    let set: LoopSnapshot
    let rates: RateHistory.Rates
    let flusher: FlusherCounters
    /// Nil: nobody says.
    var reload: ReloadStatus?

    /// How many of the slowest topics are named.
    private static let slowest = 5

    var json: String {
        var body = JSONObject()
        body.add("version", version)
        body.add("uptime_seconds", Double(uptime) / 1e9)
        body.add("ready", readiness.isReady)
        body.add("draining", readiness.isDraining)
        body.add("reasons", readiness.reasons)
        if let reload { body.add("reload", settings(reload)) }
        body.add("logs", logs)
        body.add("rates", rateTotals)
        body.add("dropped", drops)
        body.add("connections", connections)
        body.add("pressure", pressure)
        body.add("routes", routes.indices.map(route))
        body.add("topics", topics.map(topic))
        body.add("slowest_topics", slowestTopics)
        return body.text
    }

    private func settings(_ reload: ReloadStatus) -> JSONObject {
        var object = JSONObject()
        object.add("successful", reload.isSuccessful)
        object.add("succeeded_at_seconds", reload.succeededAt)
        return object
    }

    private var logs: JSONObject {
        var logs = JSONObject()
        logs.add("received", set.ledger.received.reduce(0, +))
        logs.add("received_bytes", set.ledger.receivedBytes.reduce(0, +))
        logs.add("delivered", set.ledger.delivered.reduce(0, +))
        logs.add("dropped", set.ledger.dropped.reduce(0, +))
        logs.add("in_flight", set.ledger.inFlight)
        logs.add("in_flight_bytes", set.ledger.inFlightBytes)
        logs.add("oldest_in_flight_seconds", Double(set.ledger.oldestInFlight) / 1e9)
        return logs
    }

    /// A second.
    private var rateTotals: JSONObject {
        var object = JSONObject()
        object.add("over_seconds", rates.over)
        object.add("received", rates.received.reduce(0, +))
        object.add("received_bytes", rates.receivedBytes.reduce(0, +))
        object.add("delivered", rates.delivered.reduce(0, +))
        object.add("dropped", rates.dropped)
        return object
    }

    private var drops: JSONObject {
        var drops = JSONObject()
        for reason in DropReason.allCases { drops.add(reason.label, set.ledger.dropped(reason)) }
        return drops
    }

    private var connections: JSONObject {
        var connections = JSONObject()
        connections.add("open", set.connections.reduce(0, +))
        connections.add("accepted", set.accepted)
        connections.add("refused", set.refused.reduce(0, +))
        connections.add("reset", set.resets)
        return connections
    }

    private var pressure: JSONObject {
        var pressure = JSONObject()
        pressure.add("connections_paused", set.paused)
        if flusher.maxInFlightBytes > 0 {
            pressure.add("in_flight_memory_bytes", flusher.inFlightBytes)
            pressure.add("max_in_flight_bytes", flusher.maxInFlightBytes)
        }
        return pressure
    }

    private func route(_ index: Int) -> JSONObject {
        var route = JSONObject()
        route.add("path", routes[index].path)
        if let topic = routes[index].topic, let name = topics.first(where: { $0.index == topic.rawValue })?.name {
            route.add("topic", name)
        }
        // The loops may not know yet of one that came a moment ago.
        let isCounted = index < set.connections.count && index < set.ledger.received.count
        route.add("connections", isCounted ? set.connections[index] : 0)
        route.add("received", isCounted ? set.ledger.received[index] : 0)
        route.add("received_bytes", isCounted ? set.ledger.receivedBytes[index] : 0)
        route.add("received_per_second", isCounted ? rates.received[index] : 0)
        return route
    }

    private func topic(_ state: TopicState) -> JSONObject {
        var topic = JSONObject()
        topic.add("topic", state.name)
        topic.add("current", state.isCurrent)
        topic.add("healthy", state.health == .healthy)
        if case .unhealthy(let reason, let detail) = state.health {
            topic.add("reason", reason)
            topic.add("detail", detail)
        }
        let isCounted = state.index < set.ledger.delivered.count
        topic.add("in_flight", isCounted ? set.ledger.topicInFlight[state.index] : 0)
        topic.add("in_flight_bytes", isCounted ? set.ledger.topicBytes[state.index] : 0)
        topic.add("oldest_in_flight_seconds", isCounted ? Double(set.ledger.topicOldest[state.index]) / 1e9 : 0)
        topic.add("delivered", isCounted ? set.ledger.delivered[state.index] : 0)
        topic.add("delivered_per_second", isCounted ? rates.delivered[state.index] : 0)
        return topic
    }

    /// Those whose oldest log in flight is the oldest.
    private var slowestTopics: [String] {
        let waiting = topics.filter { $0.index < set.ledger.topicOldest.count && age($0) > 0 }
        return waiting.sorted { age($0) > age($1) }.prefix(Self.slowest).map(\.name)
    }

    private func age(_ topic: TopicState) -> UInt64 { set.ledger.topicOldest[topic.index] }
}
