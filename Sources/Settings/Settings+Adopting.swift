extension Settings {
    /// What holds when others are read while these are running: theirs, but for what takes effect after a restart.
    ///
    /// Listeners stay those that there are; of one with the same address its `ssl` and who may come in are taken, where it
    /// has an `ssl` before and after. What the others leave out is marked: nobody keeps its files any more.
    package func adopting(_ new: Settings) -> Settings {
        var result = new
        result.admin = admin
        result.maxInFlight = maxInFlight
        result.loops = loops
        result.stalledAfter = stalledAfter
        result.sessionTimeout = sessionTimeout
        result.maxSessions = maxSessions
        result.logging.json = logging.json
        result.kafkaMetrics = kafkaMetrics
        result.output = output
        if case .kafka(var kafka) = output, case .kafka(let other) = new.output {
            kafka.topic = other.topic
            result.output = .kafka(kafka)
        }
        var others = new.listeners
        result.listeners = listeners.map { listener in
            var adopted = listener
            let index = others.firstIndex { $0.address == listener.address }
            adopted.isLeaving = index == nil
            let other = index.map { others.remove(at: $0) }
            adopted.isSecurityLeaving = listener.tls != nil && other?.tls == nil
            guard let other else { return adopted }
            adopted.access = other.access
            if adopted.tls != nil, let tls = other.tls { adopted.tls = tls }
            return adopted
        }
        return result
    }
}
