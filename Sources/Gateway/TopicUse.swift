import LogPipeline
import Synchronization

/// Which topics are written to: by the routes of now, and by connections and logs of routes that were there before.
final class TopicUse: Sendable {
    private struct State {
        /// By routes of now, dead letters too.
        var current: Set<TopicIndex> = []
        /// Those of routes that are on their way here.
        var coming: Set<TopicIndex> = []
        /// While the loops change over: those of before.
        var leaving: Set<TopicIndex> = []
        /// By loop, what it still has to do with other topics.
        var former: [Int: Set<TopicIndex>] = [:]

        func contains(_ topic: TopicIndex) -> Bool {
            current.contains(topic) || leaving.contains(topic) || former.values.contains { $0.contains(topic) }
        }

        var all: Set<TopicIndex> {
            former.values.reduce(current.union(leaving).union(coming)) { $0.union($1) }
        }
    }

    private let state = Mutex(State())

    /// Whether somebody may still write to it, or logs of it are in flight.
    func isUsed(_ topic: TopicIndex) -> Bool { state.withLock { $0.contains(topic) } }

    /// Topics of routes that will be there when their topics have answered.
    func expect(_ topics: Set<TopicIndex>, _ flusher: any Flusher) { change(flusher) { $0.coming = topics } }

    /// The routes of now, before the loops know of them.
    func begin(_ topics: Set<TopicIndex>, _ flusher: any Flusher) {
        change(flusher) { state in
            state.coming = []
            state.leaving.formUnion(state.current)
            state.current = topics
        }
    }

    /// Every loop has changed over, and has said what it still has to do.
    func changedOver(_ flusher: any Flusher) { change(flusher) { $0.leaving = [] } }

    /// What a loop still has to do with topics that no route of now writes to.
    func set(_ topics: Set<TopicIndex>, ofLoop loop: Int, _ flusher: any Flusher) {
        change(flusher) { $0.former[loop] = topics.isEmpty ? nil : topics }
    }

    /// The flusher is told under the lock, so that it hears of two changes in their order.
    private func change(_ flusher: any Flusher, _ body: (inout State) -> Void) {
        state.withLock { state in
            let before = state.all
            body(&state)
            let after = state.all
            if after != before { flusher.setUsed(after) }
        }
    }
}

extension RouteBook {
    /// Topics that the routes of now write to.
    var topics: Set<TopicIndex> { Set(current.flatMap { versions[$0].topics }) }
}

extension LogRoute {
    /// Those that it writes to, with that of its dead letters.
    var topics: [TopicIndex] { [topic, deadLetters?.topic].compactMap(\.self) }
}
