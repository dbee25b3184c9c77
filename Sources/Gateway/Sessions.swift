/// Which sessions there are, who holds each, who waits for it, and what is remembered of those that nobody holds.
///
/// A connection that ends holds its session until everything it had in flight is settled; whoever comes for it meanwhile
/// waits. So the records of a session are stored in order, whichever loops its connections are on.
struct Sessions {
    /// What becomes of somebody who wants a session.
    enum Entry: Equatable {
        /// It is theirs. Nil: nothing is remembered.
        case begins(SessionMemory?)
        /// It will be, when who holds it has let it go. These are to go at once.
        case waits(taken: [SessionSeat])
        /// There is no room for another session.
        case full
    }

    private enum State {
        case held(by: SessionSeat, next: SessionSeat?)
        case resting(SessionMemory, Rest)
    }

    private struct Rest: Equatable {
        let since: UInt64
        /// Several may begin in one moment.
        let number: UInt64
    }

    private let timeout: UInt64
    private let most: Int
    private var states: [SessionKey: State] = [:]
    /// Those that rest, oldest first, and some that rest no more or rest again.
    private var order: [(key: SessionKey, rest: Rest)] = []
    private var restsSoFar: UInt64 = 0
    private var head = 0
    private var restingCount = 0
    /// Bytes of the drops that are remembered of those that rest.
    private(set) var dropBytes = 0

    /// Bytes of drops that are remembered of all that rest.
    static let mostDropBytes = 16 << 20

    /// - Parameters:
    ///   - timeout: nanoseconds after which a session is forgotten that nobody holds.
    ///   - most: how many are remembered, held ones included.
    init(timeout: UInt64, most: Int) {
        self.timeout = timeout
        self.most = most
    }

    var count: Int { states.count }

    /// Entries of the list of those that rest, for tests.
    var traces: Int { order.count }

    /// - Parameter now: monotonic nanoseconds; of different loops, so it may be a little lower than once before.
    mutating func enter(_ key: SessionKey, _ seat: SessionSeat, at now: UInt64) -> Entry {
        forget(until: now)
        switch states[key] {
        case .held(let holder, let next):
            states[key] = .held(by: holder, next: seat)
            return .waits(taken: next.map { [$0] } ?? [holder])
        case .resting(let memory, _):
            wake(memory)
            states[key] = .held(by: seat, next: nil)
            return .begins(memory)
        case nil:
            if states.count >= most, !forgetOldest() { return .full }
            states[key] = .held(by: seat, next: nil)
            return .begins(nil)
        }
    }

    /// Whoever holds it lets it go.
    /// - Returns: who has it now, if somebody waited.
    mutating func leave(_ key: SessionKey, _ seat: SessionSeat, _ memory: SessionMemory, at now: UInt64) -> SessionSeat?
    {
        guard case .held(let holder, let next) = states[key], holder == seat else { return nil }
        if let next {
            states[key] = .held(by: next, next: nil)
            return next
        }
        restsSoFar += 1
        let rest = Rest(since: now, number: restsSoFar)
        states[key] = .resting(memory, rest)
        order.append((key, rest))
        restingCount += 1
        dropBytes += memory.dropBytes
        forget(until: now)
        while dropBytes > Self.mostDropBytes, forgetOldest() {}
        return nil
    }

    /// Somebody who waited is gone.
    mutating func giveUp(_ key: SessionKey, _ seat: SessionSeat) {
        guard case .held(let holder, seat) = states[key] else { return }
        states[key] = .held(by: holder, next: nil)
    }

    /// Forgets whatever has rested for too long.
    mutating func forget(until now: UInt64) {
        while head < order.count, now >= timeout, order[head].rest.since <= now - timeout {
            forget(order[head])
            head += 1
        }
        compact()
    }

    /// - Returns: false when none rests.
    private mutating func forgetOldest() -> Bool {
        let before = restingCount
        while head < order.count, restingCount == before {
            forget(order[head])
            head += 1
        }
        compact()
        return restingCount < before
    }

    private mutating func forget(_ entry: (key: SessionKey, rest: Rest)) {
        guard case .resting(let memory, entry.rest) = states[entry.key] else { return }
        wake(memory)
        states[entry.key] = nil
    }

    private mutating func wake(_ memory: SessionMemory) {
        restingCount -= 1
        dropBytes -= memory.dropBytes
    }

    /// Who comes and goes all the time leaves a trace of every time.
    private mutating func compact() {
        guard order.count - head > 2 * restingCount + 64 || head > order.count / 2 + 64 else { return }
        order = order[head...].filter { entry in
            if case .resting(_, entry.rest) = states[entry.key] { true } else { false }
        }
        head = 0
    }
}
