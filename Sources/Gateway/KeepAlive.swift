/// When a connection is pinged and when its silence ends it.
///
/// A ping goes out when nothing was sent, or nothing was heard, for the route's interval, but never more often
/// than that. Any inbound byte proves life. The silence clock stands still while Sluice itself is not reading.
struct KeepAlive {
    enum Action: Equatable {
        case none
        case ping
        /// Nothing was heard for the idle timeout.
        case end
    }

    private(set) var lastHeard: UInt64
    private(set) var lastSent: UInt64
    private var lastPing: UInt64 = 0
    private var pausedAt: UInt64 = 0

    init(now: UInt64) {
        lastHeard = now
        lastSent = now
    }

    mutating func heard(at now: UInt64) { lastHeard = now }
    mutating func sent(at now: UInt64) { lastSent = now }

    mutating func pinged(at now: UInt64) {
        lastPing = now
        lastSent = now
    }

    mutating func paused(at now: UInt64) {
        if pausedAt == 0 { pausedAt = max(now, 1) }
    }

    /// - Returns: how long the pause was.
    @discardableResult
    mutating func resumed(at now: UInt64) -> UInt64 {
        guard pausedAt != 0 else { return 0 }
        let pause = now &- pausedAt
        lastHeard = min(now, lastHeard &+ pause)
        pausedAt = 0
        return pause
    }

    /// What is due at `now`, and when to ask again: with something due, once that is done.
    ///
    /// - Parameters:
    ///   - pingInterval: nanoseconds; 0 is no pings.
    ///   - idleTimeout: nanoseconds; 0 ends nobody.
    func due(at now: UInt64, pingInterval: UInt64, idleTimeout: UInt64) -> (action: Action, next: UInt64) {
        // A clock that stands still is looked at again when reading resumes.
        let isTimed = pausedAt == 0 && idleTimeout > 0
        let silenceEnds = isTimed ? lastHeard &+ idleTimeout : UInt64.max
        if now >= silenceEnds { return (.end, now) }
        guard pingInterval > 0 else { return (.none, silenceEnds) }
        let pingDue = max(min(lastHeard, lastSent), lastPing) &+ pingInterval
        guard now >= pingDue else { return (.none, min(pingDue, silenceEnds)) }
        return (.ping, now)
    }
}
