import HTTPWire
import LogPipeline
import Reactor
import WebSocketWire

/// One client of one loop. A class so that it lies still in the loop's table; what it is, is its state.
final class Connection {
    let id: ConnectionID
    var state: ConnectionState

    init(id: ConnectionID, state: ConnectionState) {
        self.id = id
        self.state = state
    }
}

@available(*, unavailable)
extension Connection: Sendable {}

/// What a connection is to the gateway. An idle one owns nothing beyond this.
struct ConnectionState {
    enum Phase: Equatable {
        /// TCP is up, a request head is being read.
        case handshake
        /// A POST has been let in, and is read or waits to be stored.
        case posting
        /// Upgraded.
        case open
        /// Our Close is sent; what is on its way is still read, until the peer's Close, its end, or the deadline.
        case closing(until: UInt64)
        /// Handed to the reactor to be closed; nothing more is read.
        case ended
    }

    /// Why it is not being read.
    enum Pause: Equatable {
        case none
        /// Its topic cannot take more.
        case topic
        /// Messages that are not whole have used up their budget.
        case partial
        /// It has sent more than it may.
        case rate
        /// It has not read which of its messages were dropped.
        case drops
        /// Its session is not its own yet.
        case session
        /// The gateway ends, and acks of what was received are on their way.
        case leaving
    }

    /// What its records say about where they come from; nil: nothing.
    var source: RecordSource? { guest?.source }

    /// Whether a part of a read waits for its turn.
    var isCarrying: Bool { carry != nil || requests?.rest != nil }

    /// Whether what it sends may become more.
    var isInflating: Bool { inflation != nil || requests?.posting?.decoder != nil }

    /// Whether not being read is none of its sender's fault, so that nothing it sends is late.
    var isHeldBack: Bool { pause == .topic || pause == .rate }

    var phase = Phase.handshake
    var pause = Pause.none
    /// Index of the listener that accepted it.
    let listener: UInt16
    private var routeIndex: Int16 = -1
    private var topicIndex: Int16 = -1
    /// Index of the route; -1 before the upgrade, and between requests.
    var route: Int {
        get { Int(routeIndex) }
        set { routeIndex = Int16(newValue) }
    }
    /// Index of the topic's writer; -1 for a route without output.
    var topic: Int {
        get { Int(topicIndex) }
        set { topicIndex = Int16(newValue) }
    }
    var reader = FrameReader(role: .server)
    var keepAlive: KeepAlive
    /// Monotonic nanoseconds at which it has been open for long enough.
    var endsAt = UInt64.max
    /// Gone with the upgrade, and at the end of a connection that never got there.
    var requests: Requests?
    /// Who it is and what it may; nil for a connection of which nothing is known and nothing asked.
    var guest: Guest?
    var overhead = OverheadMeter()
    var share = ReadShare()
    /// The message that is not whole yet.
    var message: PartialMessage?
    /// Nil unless compression was agreed on.
    var inflation: Inflation?
    /// What is left of a read until its turn comes.
    var carry: Carry?

    init(now: UInt64, limits: HeadLimits, listener: Int) {
        self.listener = UInt16(truncatingIfNeeded: listener)
        keepAlive = KeepAlive(now: now)
        requests = Requests(limits: limits)
    }
}
