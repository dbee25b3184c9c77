package import Telemetry

/// One thread's connections, listeners, deadlines and timers.
///
/// It calls nobody: its owner asks it for the `next` event, does what the event asks for, and asks again. A tick is:
/// tell the poller what is wanted, wait, read the clock once; then events, left-over work, inbox, deadlines, timers,
/// `endOfTick`; then output goes out, once per connection; then the places of ended connections are free again.
///
/// Made, used and ended on one thread. Of what it touches only its waker, its group and inboxes are shared.
///
/// `@_specialize` on what is called with every read: a caller in another module reaches generic code only through its
/// unspecialised entry, and looking up generic metadata there took an eighth of the time of one log a read.
package struct EventLoop<P: Poller & ~Copyable, T: Transport & ~Copyable>: ~Copyable where P.Endpoint == T.Endpoint {
    /// Where in its tick the loop is; each phase may have several events.
    enum Phase {
        case poll
        case dispatch
        case lastAccepts
        case pending
        case handshakes
        case handoffs
        case inbox
        case deadlines
        case timers
        case endOfTick
        case flush
    }

    struct Ended {
        let id: ConnectionID
        let cause: CloseCause
        let fault: TLSFault?
        let proxyRefusal: ProxyRefusal?
    }

    /// The loop's membership in a group.
    struct Seat {
        let group: LoopGroup<P.Endpoint>
        let index: Int
    }

    var poller: P
    var slab = ConnectionSlab<T>()
    var pool = OutputPool()
    let limits: LoopLimits
    let seat: Seat?

    var phase = Phase.poll
    /// Events of this tick, and how many of them are done.
    var readyCount = 0
    var cursor = 0
    var wakeSeen = false
    var isStopped = false

    /// Connections whose mask may have changed.
    var masks: [ConnectionID] = []
    /// Connections with output, for this tick's flush and, meanwhile, for the next one's.
    var toFlush: [ConnectionID] = []
    var flushing: [ConnectionID] = []
    /// Connections with work left, for the next tick and, meanwhile, in this one.
    var toRead: [ConnectionID] = []
    var reading: [ConnectionID] = []
    /// Said as soon as the owner asks.
    var ended: [Ended] = []
    var endedSaid = 0
    /// Places to be free again after the tick: until then an event of this batch might still name them.
    var limbo: [UInt32] = []

    var listeners: [LoopListener] = []
    var gate = AcceptGate()
    var accepting = 0
    var acceptsLeft = 0
    var isLastAccept = false
    var handoffs: [LoopGroup<P.Endpoint>.Handoff] = []

    /// Made for the first connection that speaks TLS.
    var port: TLSPort?
    var handshakes = HandshakeQueue()
    /// Of this tick: handshakes that cost a signature, and when they began.
    var answeredHandshakes = 0
    var handshakesBegan: UInt64 = 0
    /// Whether listeners with TLS rest until fewer handshakes wait.
    var areSecureListenersResting = false

    var deadlines: DeadlineClock
    var armedDeadlines = 0
    var isScanning = false
    var timers = LoopTimers()

    /// Monotonic nanoseconds, read once a tick.
    package internal(set) var now: UInt64
    /// What was wrong with the TLS of the connection that `closed` was said of last.
    package internal(set) var closedFault: TLSFault?
    /// What was wrong with its PROXY header, or with who sent it.
    package internal(set) var closedProxyRefusal: ProxyRefusal?
    /// What has been counted so far.
    package internal(set) var counters = LoopCounters()
    /// Seconds that each tick took, from its waking to its next sleep: whatever came in meanwhile waited for so long.
    package internal(set) var tickTimes = Histogram(Histogram.turns)

    /// - Parameters:
    ///   - poller: where events come from.
    ///   - group: the process's loops and this one's index among them, to even out connections.
    package init(
        poller: consuming P,
        group: LoopGroup<P.Endpoint>? = nil,
        index: Int = 0,
        limits: LoopLimits = LoopLimits()
    ) {
        now = poller.monotonicNow()
        deadlines = DeadlineClock(origin: now)
        seat = group.map { Seat(group: $0, index: index) }
        seat?.group.join(index, waker: poller.waker)
        self.limits = limits
        self.poller = poller
    }

    deinit {
        guard let seat else { return }
        seat.group.leave(seat.index)
        for handoff in handoffs.dropFirst(phase == .handoffs ? cursor : 0) { handoff.endpoint.close() }
        seat.group.changed(seat.index, by: -slab.count)
    }

    /// Connections that are there, those that are closing included.
    package var connectionCount: Int { slab.count }

    /// Wakes this loop from other threads; for its owner's inboxes.
    package var waker: Waker { poller.waker }

    /// Ends the loop: `next` says `stopped` from now on. What is still connected closes when the loop goes away.
    package mutating func stop() { isStopped = true }

    /// Fires once, as `timer`, when the time has come.
    ///
    /// - Parameter time: monotonic nanoseconds; `UInt64.max` unsets it.
    package mutating func setTimer(_ timer: LoopTimer, at time: UInt64) { timers.set(timer, at: time) }
}

/// The loop on sockets and epoll.
package typealias SocketLoop = EventLoop<EpollPoller, Socket>
/// Loops on sockets that even out their connections.
package typealias SocketLoopGroup = LoopGroup<DescriptorEndpoint>

extension EventLoop where P == EpollPoller, T == Socket {
    /// A loop on sockets.
    package init(
        group: SocketLoopGroup? = nil,
        index: Int = 0,
        limits: LoopLimits = LoopLimits()
    ) throws(Errno) {
        let poller = try EpollPoller(isPrecise: limits.hasPreciseTimers)
        self.init(poller: poller, group: group, index: index, limits: limits)
    }
}

@available(*, unavailable)
extension EventLoop: Sendable {}
