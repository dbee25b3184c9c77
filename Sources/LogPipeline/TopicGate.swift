internal import Synchronization

/// Whether a topic takes more: its bytes in flight against their water marks, the budget of all topics, its health.
///
/// Changed once a batch, under a lock; asked once a read, without one.
package final class TopicGate: Sendable {
    private struct State {
        var mark: WaterMark
        /// Of those who send much.
        var ample: WaterMark
        var isHealthy = true
        var isUrgent = false

        /// Near the end everything that a client still has on its way should come in: what is wrong with the topic and
        /// the low mark are of no interest then, the high mark still is.
        var isReady: Bool { isUrgent ? mark.level < mark.high : isHealthy && !mark.isFull }
        var hasAmpleRoom: Bool { isUrgent || !ample.isFull }
    }

    package let budget: InFlightBudget
    private let state: Mutex<State>
    private let ready = Atomic<Bool>(true)
    private let roomy = Atomic<Bool>(true)

    init(budget: InFlightBudget, mark: WaterMark) {
        self.budget = budget
        state = Mutex(State(mark: mark, ample: mark.forThoseWhoSendMuch))
    }

    /// Lock-free.
    package var isReady: Bool { ready.load(ordering: .acquiring) && budget.hasRoom }

    /// Whether a ready topic may take more from those too who send much. Lock-free.
    package var hasAmpleRoom: Bool { roomy.load(ordering: .acquiring) && budget.hasAmpleRoom }

    /// Bytes in flight.
    package var bytes: Int { state.withLock { $0.mark.level } }

    /// A batch was handed over.
    package func add(_ batch: Batch) -> ReadinessChange { add(bytes: budget.cost(of: batch)) }

    /// A batch is settled; to be called before it is given back.
    package func remove(_ batch: Batch) -> ReadinessChange { remove(bytes: budget.cost(of: batch)) }

    package func add(bytes: Int) -> ReadinessChange {
        let topicChanged = change {
            $0.mark.rise(by: bytes)
            $0.ample.rise(by: bytes)
        }
        return budget.add(bytes) ? .everyTopic : topicChanged
    }

    package func remove(bytes: Int) -> ReadinessChange {
        let topicChanged = change {
            $0.mark.fall(by: bytes)
            $0.ample.fall(by: bytes)
        }
        return budget.remove(bytes) ? .everyTopic : topicChanged
    }

    /// Whether its destination takes anything at all.
    package func setHealthy(_ healthy: Bool) -> ReadinessChange { change { $0.isHealthy = healthy } }

    /// See `Flusher.setUrgent`.
    package func setUrgent(_ urgent: Bool) -> ReadinessChange { change { $0.isUrgent = urgent } }

    private func change(_ body: (inout State) -> Void) -> ReadinessChange {
        state.withLock { state in
            let before = (state.isReady, state.hasAmpleRoom)
            body(&state)
            guard (state.isReady, state.hasAmpleRoom) != before else { return .none }
            ready.store(state.isReady, ordering: .releasing)
            roomy.store(state.hasAmpleRoom, ordering: .releasing)
            return .thisTopic
        }
    }
}
