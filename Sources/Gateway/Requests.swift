import HTTPWire
import Reactor

/// The requests of a connection that is no WebSocket, or not one yet. Apart from the state, so that connections past
/// their upgrade do not carry it.
final class Requests {
    var reader: RequestReader
    /// The POST that is under way.
    var posting: Posting?
    /// How many requests were answered, so that the connection waits for another one.
    var answered = 0
    /// The gateway ends: the connection closes with the next answer.
    var isLast = false
    /// What is left of a read: requests behind one that is not answered yet, or a body that has had its share of a
    /// tick.
    var rest: Carry?
    /// Who sent the last request: what the connection sends it pays for over all of them.
    var guest: Guest?
    /// Who connected: the client, or a proxy that has yet to say for whom. Asked of the kernel at once: it forgets the
    /// peer of a connection that is reset, whose requests are answered all the same.
    var peer: PeerAddress?
    /// Whether it has been asked if there are too many of its address.
    var isCounted = false
    /// Which address counts it among those without an upgrade.
    var address: IPAddress?

    init(limits: HeadLimits) {
        reader = RequestReader(limits: limits, bodyLimits: BodyLimits(maxBytes: 0))
    }

    /// Whether the client is between requests of a connection that it keeps.
    var isIdle: Bool { answered > 0 && posting == nil && rest == nil && reader.isIdle }
}

@available(*, unavailable)
extension Requests: Sendable {}
