package import Reactor

/// The poller of a simulated network: readiness as epoll gives it, time as the test gives it.
package struct SimulatedPoller: Poller, ~Copyable {
    package let waker: Waker
    private let network: SimulatedNetwork
    private var events: [ReadyEvent] = []

    init(network: SimulatedNetwork) {
        self.network = network
        waker = network.waker
    }

    package func monotonicNow() -> UInt64 { network.now }

    package mutating func add(_ descriptor: Int32, _ interest: Interest, token: UInt64) throws(Errno) {
        try network.register(descriptor, interest, token)
    }

    package mutating func modify(_ descriptor: Int32, _ interest: Interest, token: UInt64) throws(Errno) {
        network.modify(descriptor, interest, token)
    }

    package mutating func remove(_ descriptor: Int32) { network.deregister(listener: descriptor) }

    package mutating func wait(until deadline: UInt64, from now: UInt64) -> Int {
        events = network.wait(until: deadline)
        return events.count
    }

    package func event(at index: Int) -> ReadyEvent { events[index] }

    package mutating func accept(from listener: Int32) -> AcceptResult<SimulatedEndpoint> {
        network.accept(from: listener)
    }

    package mutating func shed(from listener: Int32, atMost limit: Int) -> Int {
        network.shed(from: listener, atMost: limit)
    }

    package mutating func connect(
        to address: SocketAddress,
        from source: SocketAddress?
    ) throws(Errno) -> SimulatedEndpoint {
        try network.connectOut()
    }
}

/// The loop on a simulated network.
package typealias SimulatedLoop = EventLoop<SimulatedPoller, SimulatedTransport>
