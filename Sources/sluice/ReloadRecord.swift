import Foundation
import Gateway
import Synchronization

/// What came of every reading of the settings and of files that have changed by themselves, for `/metrics` and `/status`.
final class ReloadRecord: Sendable {
    private struct State {
        var isRefused = false
        /// Read by themselves, and no good.
        var failing: Set<FileWatch.Part> = []
        var succeededAt: Double
    }

    private let state: Mutex<State>
    private let now: @Sendable () -> Double

    /// Everything has been read for the first time.
    ///
    /// - Parameter now: seconds since 1970.
    init(now: @escaping @Sendable () -> Double = { Date().timeIntervalSince1970 }) {
        self.now = now
        state = Mutex(State(succeededAt: now()))
    }

    /// For any thread.
    var status: ReloadStatus {
        state.withLock {
            ReloadStatus(isSuccessful: !$0.isRefused && $0.failing.isEmpty, succeededAt: $0.succeededAt)
        }
    }

    /// Everything was read, and is in use.
    func reloaded() {
        let time = now()
        state.withLock { $0 = State(succeededAt: time) }
    }

    func refused() { state.withLock { $0.isRefused = true } }

    /// Files of a part have changed and were read again.
    func read(_ part: FileWatch.Part, isUsed: Bool) {
        let time = now()
        state.withLock { state in
            guard isUsed else {
                state.failing.insert(part)
                return
            }
            state.failing.remove(part)
            state.succeededAt = time
        }
    }
}
