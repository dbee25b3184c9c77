internal import LogPipeline
internal import Synchronization

/// The batches of one partition that wait for its next request; see `RequestWindow`.
final class WaitingBatches: Sendable {
    enum Admission {
        /// It may go at once.
        case passed
        /// It waits here; the delivery thread will look when it takes the next reports.
        case waits
        /// It waits here, and nothing is in flight whose report would make the delivery thread look.
        case waitsUnseen
    }

    private struct State {
        var window = RequestWindow()
        var batches: [Batch] = []
        var load = RequestWindow.Load()
    }

    private let state = Mutex(State())
    private let some = Atomic<Bool>(false)

    /// Lock-free, for the delivery thread's look at every partition.
    var isEmpty: Bool { !some.load(ordering: .sequentiallyConsistent) }

    /// - Parameter inFlight: asked once more when it is known that a batch waits: whoever takes the last record out of
    ///   flight looks for one afterwards, so that either sees the other.
    func admit(_ batch: Batch, inFlight: () -> Int, now: UInt64, _ limits: RequestWindow.Limits) -> Admission {
        state.withLock { state in
            let load = RequestWindow.Load(batch)
            let isFirst = state.batches.isEmpty
            if state.window.admit(load, isFirst: isFirst, inFlight: inFlight(), now: now, limits) { return .passed }
            state.batches.append(batch)
            state.load = state.load + load
            some.store(true, ordering: .sequentiallyConsistent)
            return isFirst && inFlight() == 0 ? .waitsUnseen : .waits
        }
    }

    /// When what waits may go: monotonic nanoseconds.
    func due(_ limits: RequestWindow.Limits) -> UInt64 {
        state.withLock { $0.window.due($0.load, limits) }
    }

    /// Hands on what the next request takes, in order; nobody overtakes it meanwhile.
    func drain(now: UInt64, _ limits: RequestWindow.Limits, _ body: (Batch) -> Void) {
        let next = state.withLock { state in
            let count = state.window.drain(state.batches.lazy.map(RequestWindow.Load.init), now: now, limits)
            let next = Array(state.batches.prefix(count))
            state.batches.removeFirst(count)
            state.load = state.batches.reduce(RequestWindow.Load()) { $0 + RequestWindow.Load($1) }
            return next
        }
        for batch in next { body(batch) }
        state.withLock { state in
            state.window.drained()
            some.store(!state.batches.isEmpty, ordering: .releasing)
        }
    }
}

extension RequestWindow.Load {
    init(_ batch: Batch) {
        // The encoding puts a length of one or two bytes before a header's name and its value.
        self.init(bytes: batch.payloadBytes + batch.headerBytes + 4 * batch.headerCount, records: batch.count)
    }
}
