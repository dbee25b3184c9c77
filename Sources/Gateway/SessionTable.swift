import Reactor
import Synchronization

/// The sessions of all loops. Asked when a connection comes, when it goes and when it is settled after that: never for a
/// message.
final class SessionTable: Sendable {
    private struct State {
        var sessions: Sessions
        var inboxes: [Int: Inbox<LoopMessage>] = [:]
    }

    private let state: Mutex<State>

    init(timeout: UInt64, most: Int) {
        state = Mutex(State(sessions: Sessions(timeout: timeout, most: most)))
    }

    /// A loop that is told when its connections get a session, or lose it.
    func register(loop: Int, _ inbox: Inbox<LoopMessage>) { state.withLock { $0.inboxes[loop] = inbox } }

    /// Whose session it was learns of it by `sessionTaken`; who waits for it gets it by `sessionGiven`.
    func enter(_ key: SessionKey, _ seat: SessionSeat, at now: UInt64) -> Sessions.Entry {
        let (entry, told) = state.withLock { state in
            let entry = state.sessions.enter(key, seat, at: now)
            guard case .waits(let taken) = entry else { return (entry, [(Inbox<LoopMessage>?, SessionSeat)]()) }
            return (entry, taken.map { (state.inboxes[$0.loop], $0) })
        }
        for (inbox, seat) in told { inbox?.post(.sessionTaken(ConnectionID(owner: seat.owner))) }
        return entry
    }

    /// Everything of the session is settled and its connection is gone.
    func leave(_ key: SessionKey, _ seat: SessionSeat, _ memory: SessionMemory, at now: UInt64) {
        let next = state.withLock { state in
            state.sessions.leave(key, seat, memory, at: now).map { (state.inboxes[$0.loop], $0) }
        }
        guard let (inbox, seat) = next else { return }
        inbox?.post(.sessionGiven(ConnectionID(owner: seat.owner), key, memory))
    }

    /// A connection that waited is gone.
    func giveUp(_ key: SessionKey, _ seat: SessionSeat) { state.withLock { $0.sessions.giveUp(key, seat) } }

    /// How many sessions are remembered.
    func count(at now: UInt64) -> Int {
        state.withLock { state in
            state.sessions.forget(until: now)
            return state.sessions.count
        }
    }
}
