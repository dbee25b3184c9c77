import Admission
import LogPipeline
import Reactor

/// What only some connections have: who they are, which bounded places they hold, how much they may send, what their
/// records say of them.
///
/// Apart from the state, so that a connection of which nothing is known and nothing asked costs one empty reference.
final class Guest {
    let identity: Identity?
    let limits: ConnectionLimits
    /// Beside its one of `max_connections`, which every upgraded connection holds.
    let places: Places
    /// What its records say about where they come from.
    let source: RecordSource?
    /// Who a proxy speaks for, where refused logs are told of.
    var client: IPAddress?
    /// Nil unless `sluice.v1` was agreed on.
    var acks: AckSession?
    /// Monotonic nanoseconds from which on its token is worth nothing.
    var expiresAt: UInt64 = .max
    /// What its route had received when this read began.
    private var logsBefore: UInt64 = 0
    private var contentBefore: UInt64 = 0
    /// Bytes it has sent as they came, and as logs: the larger counts, so that neither what is compressed nor what is
    /// never whole is free.
    private var wire: UInt64 = 0
    private var content: UInt64 = 0
    private var logs: TokenBucket
    private var bytes: TokenBucket

    init(
        identity: Identity?,
        limits: ConnectionLimits,
        places: Places,
        source: RecordSource? = nil,
        now: UInt64
    ) {
        self.identity = identity
        self.limits = limits
        self.places = places
        self.source = source
        // A second's worth at once: less would make every read wait, as reads come in pieces of `readSize`.
        let (logRate, byteRate) = (Double(limits.logsPerSecond), Double(limits.bytesPerSecond))
        logs = TokenBucket(ratePerSecond: logRate, burst: logRate, now: now)
        bytes = TokenBucket(ratePerSecond: byteRate, burst: byteRate, now: now)
    }

    /// Whether what it sends is counted.
    var isMetered: Bool {
        limits.logsPerSecond > 0 || limits.bytesPerSecond > 0 || isMeteredByToken
    }

    private var isMeteredByToken: Bool {
        identity != nil && (limits.tokenLogsPerSecond > 0 || limits.tokenBytesPerSecond > 0)
    }

    /// Whether such an object says more than no object.
    static func isNeeded(
        identity: Identity?,
        limits: ConnectionLimits,
        places: Places,
        source: RecordSource?
    ) -> Bool {
        identity != nil || source != nil || places.route != nil || places.address != nil || limits.logsPerSecond > 0
            || limits.bytesPerSecond > 0
    }

    /// A read begins.
    func begin(logs: UInt64, content: UInt64) {
        logsBefore = logs
        contentBefore = content
    }

    /// What a read has brought.
    func end(wire bytes: Int, logs: UInt64, content now: UInt64) -> (logs: Int, bytes: Int) {
        let before = max(wire, content)
        wire &+= UInt64(bytes)
        content &+= now &- contentBefore
        let count = logs &- logsBefore
        begin(logs: logs, content: now)
        return (Int(count), Int(max(wire, content) - before))
    }

    /// Takes over what the same sender owes for its last request on the same connection.
    func goOn(from other: Guest) {
        guard limits == other.limits, identity?.name == other.identity?.name else { return }
        (logs, bytes, wire, content) = (other.logs, other.bytes, other.wire, other.content)
    }

    /// Counts what one read brought, or nothing, to learn how things stand.
    /// - Returns: how long to wait, in nanoseconds, and for the sake of which limit; nil: go on.
    func take(logs count: Int, bytes size: Int, at now: UInt64, _ rates: SharedBuckets) -> (UInt64, SlowReason)? {
        let own = max(logs.take(Double(count), at: now), bytes.take(Double(size), at: now))
        var shared: UInt64 = 0
        if isMeteredByToken, let identity {
            shared = rates.take(identity.name, logs: count, bytes: size, limits: limits, at: now)
        }
        if own == 0, shared == 0 { return nil }
        return own >= shared ? (own, .connectionRate) : (shared, .tokenRate)
    }
}

@available(*, unavailable)
extension Guest: Sendable {}
