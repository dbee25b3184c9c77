import Synchronization

/// One process of the gateway during a run with faults: what it said, and whether that was sound.
final class GatewayLife: Sendable {
    private struct State {
        var last = Metrics("")
        var scrapes = 0
        var peakResidentBytes = 0
        var faults: [String] = []
        var isEnding = false
        var ending: Ending?

        mutating func take(_ metrics: Metrics, _ resident: Int) {
            scrapes += 1
            peakResidentBytes = max(peakResidentBytes, resident)
            if !metrics.isConserved {
                faults.append(
                    "\(metrics.received) received, \(metrics.delivered) delivered, \(metrics.dropped) dropped, "
                        + "\(metrics.inFlight) in flight"
                )
            }
            let before = last
            if metrics.received < before.received || metrics.delivered < before.delivered
                || metrics.dropped < before.dropped
            {
                faults.append("a counter went back: \(before) to \(metrics)")
            }
            last = metrics
        }
    }

    /// Its last words, and its status; nil where there were none.
    struct Ending {
        var exit: Int32?
        var received: Int?
        var delivered: Int?
        var dropped: Int?
        var unsettled: Int?
    }

    let gateway: Gateway
    private let state = Mutex(State())

    init(_ gateway: Gateway) { self.gateway = gateway }

    var faults: [String] { state.withLock { $0.faults } }
    var scrapes: Int { state.withLock { $0.scrapes } }
    var last: Metrics { state.withLock { $0.last } }
    var peakResidentBytes: Int { state.withLock { $0.peakResidentBytes } }

    /// Asks for the metrics once, and holds them against the law and against what was said before.
    func scrape() {
        do {
            let metrics = try gateway.metrics()
            let resident = try gateway.residentBytes()
            state.withLock { $0.take(metrics, resident) }
        } catch {
            state.withLock { if !$0.isEnding { $0.faults.append("a scrape failed: \(error)") } }
        }
    }

    /// From now on it may be gone at any time.
    func willEnd() { state.withLock { $0.isEnding = true } }

    /// Takes its last words.
    func didEnd(_ status: ExitStatus) {
        var ending = Ending()
        if case .code(let code) = status { ending.exit = code }
        if let words = gateway.event("stopped") {
            ending.received = words["received"].flatMap { Int($0) }
            ending.delivered = words["delivered"].flatMap { Int($0) }
            ending.dropped = words["dropped"].flatMap { Int($0) }
            ending.unsettled = words["unsettled"].flatMap { Int($0) }
        }
        state.withLock { state in
            state.ending = ending
            if !state.isEnding { state.faults.append("it ended by itself, \(status)") }
        }
    }

    /// For Clients/judge.py.
    ///
    /// - Parameter topic: whose records are held against it; nil: there is no other.
    func account(_ topic: String? = nil) -> FaultCase.Life {
        state.withLock { state in
            // Its last words do not tell topics apart.
            let here = topic.map { state.last.sum("sluice_logs_delivered_total", "topic=\"\($0)\"") }
            let reasons = state.last.byLabel("sluice_logs_dropped_total", "reason")
            return FaultCase.Life(
                port: gateway.port,
                received: state.ending?.received ?? state.last.received,
                delivered: state.ending?.delivered ?? state.last.delivered,
                dropped: state.ending?.dropped ?? state.last.dropped,
                unsettled: state.ending?.unsettled,
                exit: state.ending?.exit,
                reasons: reasons,
                uncertain: state.last.sum("sluice_kafka_uncertain_total"),
                reordered: state.last.sum("sluice_reordered_total"),
                here: here ?? state.ending?.delivered ?? state.last.delivered,
                told: state.last.deadLetters("sent"),
                untold: state.last.deadLetters("lost")
            )
        }
    }
}
