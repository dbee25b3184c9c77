import LogPipeline

/// Whether logs should be sent here, and of every topic in trouble why.
struct Readiness: Equatable {
    let isReady: Bool
    let isDraining: Bool
    /// Kafka has not answered for every topic yet.
    let isStarting: Bool
    /// Of the gateway as a whole first, then by topic.
    let reasons: [JSONObject]

    /// - Parameters:
    ///   - hasStarted: Kafka has answered for every topic once; one that came later is one of several.
    ///   - topics: each topic that is written to. Those that only former routes wrote to have reasons and no say: whoever
    ///     comes does not write to them.
    init(isDraining: Bool, hasStarted: Bool = false, topics: [TopicState]) {
        var reasons: [JSONObject] = []
        var isStarting = false
        if isDraining { reasons.append(Self.reason("draining", "Sluice is shutting down.", topic: nil)) }
        for topic in topics {
            guard case .unhealthy(let reason, let detail) = topic.health else { continue }
            isStarting = isStarting || topic.isCurrent && reason == "starting"
            reasons.append(Self.reason(reason, detail, topic: topic.name))
        }
        let current = topics.filter(\.isCurrent)
        let isStuck = !current.isEmpty && current.allSatisfy { $0.health != .healthy }
        // Until Kafka has answered for every topic it is not ready; later, one topic that takes logs is enough.
        isReady = !isDraining && (hasStarted || !isStarting) && !isStuck
        self.isDraining = isDraining
        self.isStarting = isStarting
        self.reasons = reasons
    }

    /// The body of `/readyz`.
    var json: String {
        var body = JSONObject()
        body.add("ready", isReady)
        body.add("reasons", reasons)
        return body.text
    }

    private static func reason(_ word: String, _ detail: String, topic: String?) -> JSONObject {
        var reason = JSONObject()
        if let topic { reason.add("topic", topic) }
        reason.add("reason", word)
        reason.add("detail", detail)
        return reason
    }
}
