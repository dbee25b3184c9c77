package import Reactor

/// A kernel, its network and its clock, all driven by a seed: the same seed is the same run.
///
/// A test makes a loop on it, connects peers, lets them write, and calls `run` with one step of its loop until nothing
/// happens any more. Time stands still but for `advance`. One loop per network, all on one thread.
package final class SimulatedNetwork {
    final class SimulatedListener {
        var queue: ArraySlice<SimulatedSocket> = []
        var registration: SimulatedSocket.Registration?
    }

    /// What goes wrong; may be changed at any time.
    package var faults: Faults { didSet { stirAll() } }
    package var random: SeededRandom
    /// Monotonic nanoseconds.
    package private(set) var now: UInt64
    /// How many descriptors the process may have, listeners included.
    package var descriptorLimit = 100_000
    /// Whether nobody listens where the loop connects to.
    package var refusesConnections = false
    /// The other sides of the connections that the loop has made, oldest first.
    package private(set) var outgoing: [SimulatedPeer] = []
    /// What was done that no kernel allows, or that no good loop does.
    package private(set) var violations: [String] = []
    /// How often the loop waited.
    package private(set) var waits = 0
    /// How often a wait had events.
    package private(set) var wakeUps = 0
    /// What the loop has asked for so far.
    package internal(set) var calls = KernelCalls()

    let waker = Waker.flagOnly()
    var listeners: [Int32: SimulatedListener] = [:]
    var sockets: [Int32: SimulatedSocket] = [:]
    /// Sockets with something on its way, or of which that is not known.
    var moving: [SimulatedSocket] = []
    /// Sockets that have something to say, or of which that is not known.
    var watched: [SimulatedSocket] = []
    private(set) var endedTokens: [UInt64] = []
    private var free = FreeNumbers()
    private var horizon: UInt64
    private var quietWaits = 0
    private var progress = 0
    private var progressSeen = 0
    private var idleWakeUps = 0

    /// - Parameters:
    ///   - seed: decides everything.
    ///   - faults: what goes wrong.
    ///   - now: monotonic nanoseconds at the start.
    package init(seed: UInt64, faults: Faults = .none, now: UInt64 = 1_000_000_000) {
        random = SeededRandom(seed: seed)
        self.faults = faults
        self.now = now
        horizon = now
    }

    /// A network in which the seed decides what goes wrong, too.
    package static func faulty(seed: UInt64) -> SimulatedNetwork {
        let network = SimulatedNetwork(seed: seed)
        network.faults = Faults.drawn(from: &network.random)
        return network
    }

    /// A loop on this network.
    package func makeLoop(limits: LoopLimits = LoopLimits()) -> SimulatedLoop {
        EventLoop(poller: SimulatedPoller(network: self), limits: limits)
    }

    /// A listener for `EventLoop.listen`; of several the first is index 0 there and in `connect` here.
    package func listen() -> Listener {
        let descriptor = free.take()
        listeners[descriptor] = SimulatedListener()
        return Listener(unowned: descriptor, address: .any(port: UInt16(descriptor)))
    }

    /// A client that connects to a listener.
    /// - Parameter address: who it is; nil: somebody without an address.
    package func connect(listener: Int = 0, from address: IPAddress? = nil) -> SimulatedPeer {
        let socket = SimulatedSocket(network: self)
        socket.peerAddress = address.map { PeerAddress($0, port: 40_000) }
        let descriptors = listeners.keys.sorted()
        if listener < descriptors.count {
            listeners[descriptors[listener]]?.queue.append(socket)
        } else {
            socket.resetAtPeer = true
        }
        return SimulatedPeer(socket: socket)
    }

    /// Connections that the loop's side holds.
    package var openConnections: Int { sockets.count }

    /// Lets so much time pass, in nanoseconds, during the next `run`.
    package func advance(by nanoseconds: UInt64) { horizon = max(horizon, now) + nanoseconds }

    /// Lets so much time pass, during the next `run`.
    package func advance(seconds: Int) { advance(by: UInt64(seconds) * 1_000_000_000) }

    /// Calls `step`, which asks the loop for one event and deals with it, until nothing happens any more.
    package func run(atMost steps: Int = 10_000_000, _ step: () throws -> Void) throws {
        quietWaits = 0
        var taken = 0
        // Twice, since what the last tick has written goes out behind its last event.
        while quietWaits < 2 {
            try step()
            taken += 1
            if let violation = violations.first { throw SimulationFailure(description: violation) }
            if taken >= steps { throw SimulationFailure(description: "no end after \(steps) steps") }
        }
    }

    /// Something has happened that is worth a wake-up.
    package func noteProgress() { progress += 1 }

    func violate(_ what: String) { violations.append(what) }

    // MARK: The poller's side

    func wait(until deadline: UInt64) -> [ReadyEvent] {
        waits += 1
        calls.waits += 1
        if deliver() {
            noteProgress()
            quietWaits = 0
        }
        if random.chance(faults.interruptedWaits) { return [] }
        let events = collect()
        calls.events += events.count
        if !events.isEmpty {
            wakeUps += 1
            quietWaits = 0
        } else if deadline <= now {
            quietWaits = 0
        } else if deadline <= horizon {
            now = deadline
            quietWaits = 0
            noteProgress()
        } else {
            now = max(now, horizon)
            quietWaits += 1
            return []
        }
        detectSpinning()
        return events
    }

    private func detectSpinning() {
        idleWakeUps = progress == progressSeen ? idleWakeUps + 1 : 0
        progressSeen = progress
        if idleWakeUps >= 1000 { violate("the loop woke up \(idleWakeUps) times without progress") }
    }

    func register(_ descriptor: Int32, _ interest: Interest, _ token: UInt64) throws(Errno) {
        calls.registrations += 1
        let registration = SimulatedSocket.Registration(interest: interest, token: token)
        if let listener = listeners[descriptor] {
            if listener.registration != nil { violate("listener \(descriptor) was added twice") }
            listener.registration = registration
            return
        }
        guard let socket = sockets[descriptor] else { return violate("descriptor \(descriptor) is not open") }
        if socket.registration != nil { violate("descriptor \(descriptor) was added twice") }
        if random.chance(faults.refusedRegistrations) { throw Errno(code: 28) }
        socket.registration = registration
        stir(socket)
    }

    func modify(_ descriptor: Int32, _ interest: Interest, _ token: UInt64) {
        calls.modifications += 1
        guard let socket = sockets[descriptor], let old = socket.registration, old.token == token else {
            return violate("descriptor \(descriptor) was modified for somebody else")
        }
        socket.registration = SimulatedSocket.Registration(interest: interest, token: token)
        stir(socket)
    }

    func deregister(listener descriptor: Int32) {
        if listeners[descriptor]?.registration == nil { violate("listener \(descriptor) was not added") }
        listeners[descriptor]?.registration = nil
    }

    // MARK: Opening and closing

    func accept(from descriptor: Int32) -> AcceptResult<SimulatedEndpoint> {
        calls.accepts += 1
        guard let listener = listeners[descriptor] else {
            violate("accepted from \(descriptor), which does not listen")
            return .wouldBlock
        }
        if openDescriptors >= descriptorLimit { return .exhausted(.tooManyOpenFiles) }
        if listener.queue.isEmpty || random.chance(faults.spuriousWouldBlock) { return .wouldBlock }
        let socket = listener.queue.removeFirst()
        noteProgress()
        if random.chance(faults.abortedAccepts) {
            socket.descriptor = 0
            socket.breakForPeer()
            stir(socket)
            return .skipped(.connectionReset)
        }
        open(socket)
        return .accepted(SimulatedEndpoint(network: self, socket: socket))
    }

    func shed(from descriptor: Int32, atMost limit: Int) -> Int {
        guard let listener = listeners[descriptor] else { return 0 }
        let count = min(limit, listener.queue.count)
        for socket in listener.queue.prefix(count) {
            socket.descriptor = 0
            socket.endAtPeer = true
            stir(socket)
            noteProgress()
        }
        listener.queue.removeFirst(count)
        return count
    }

    func connectOut() throws(Errno) -> SimulatedEndpoint {
        if openDescriptors >= descriptorLimit { throw .tooManyOpenFiles }
        let socket = SimulatedSocket(network: self)
        socket.connecting = .pending
        open(socket)
        outgoing.append(SimulatedPeer(socket: socket))
        return SimulatedEndpoint(network: self, socket: socket)
    }

    func close(_ socket: SimulatedSocket) {
        guard sockets[socket.descriptor] === socket, socket.isOpen else {
            return violate("descriptor \(socket.descriptor) was closed twice")
        }
        calls.closes += 1
        noteProgress()
        if let token = socket.registration?.token { endedTokens = [token] + endedTokens.prefix(15) }
        sockets[socket.descriptor] = nil
        free.give(socket.descriptor)
        socket.isOpen = false
        socket.registration = nil
        // RFC 1122 4.2.2.13: what was not read is answered with RST, and what was to be sent is forgotten.
        if socket.resetsOnClose || !socket.inbound.isEmpty { socket.breakForPeer() }
        stir(socket)
    }

    private func open(_ socket: SimulatedSocket) {
        socket.descriptor = free.take()
        socket.isOpen = true
        sockets[socket.descriptor] = socket
        stir(socket)
    }

    private var openDescriptors: Int { sockets.count + listeners.count }
}
