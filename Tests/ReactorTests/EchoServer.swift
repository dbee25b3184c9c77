import Reactor
import Simulation

/// An owner of a loop, as the gateway is one: it sends back what it reads, and closes after the peer's end.
struct EchoServer: ~Copyable {
    struct Connection {
        var received: [UInt8] = []
        /// Bytes given to `send` before closing began.
        var sent = 0
        var sawEnd = false
        var isClosed = false
    }

    var loop: SimulatedLoop
    let buffer: ReadBuffer
    /// What is known of each connection that was there, ended ones included.
    var connections: [ConnectionID: Connection] = [:]
    var order: [ConnectionID] = []
    var causes: [ConnectionID: CloseCause] = [:]
    var faults: [ConnectionID: TLSFault] = [:]
    var events: [LoopEvent] = []
    var echoes = true
    var closesAtEnd = true
    /// Each connection is closed once so many bytes were read.
    var closesAfter = Int.max
    /// What is amiss, found by the owner itself.
    var mistakes: [String] = []

    init(
        _ network: SimulatedNetwork,
        limits: LoopLimits = LoopLimits(),
        readBuffer: Int = 64 * 1024,
        security: TLSContext? = nil,
        proxies: [IPRange]? = nil
    ) {
        loop = network.makeLoop(limits: limits)
        buffer = ReadBuffer(capacity: readBuffer)
        loop.listen(network.listen(), security: security, proxies: proxies)
    }

    mutating func step() {
        let event = loop.next()
        if event != .endOfTick { events.append(event) }
        switch event {
        case .accepted(let id, _), .connected(let id):
            if connections[id] != nil { mistakes.append("\(id) was given out twice") }
            connections[id] = Connection()
            order.append(id)
        case .readable(let id):
            if connections[id]?.isClosed ?? true { mistakes.append("\(id) is readable and not there") }
            read(id)
        case .closed(let id, let cause):
            if connections[id]?.isClosed == true { mistakes.append("\(id) was closed twice") }
            connections[id, default: Connection()].isClosed = true
            causes[id] = cause
            faults[id] = loop.closedFault
        default: break
        }
    }

    mutating func read(_ id: ConnectionID) {
        switch loop.receive(id, into: buffer) {
        case .bytes(let count):
            let bytes = buffer.bytes(count).withUnsafeBytes { Array($0) }
            connections[id]?.received += bytes
            if echoes { send(id, bytes) }
            if connections[id]?.received.count ?? 0 >= closesAfter { loop.close(id) }
        case .end:
            connections[id]?.sawEnd = true
            if closesAtEnd { loop.close(id) }
        case .wouldBlock, .failed: break
        }
    }

    mutating func send(_ id: ConnectionID, _ bytes: [UInt8]) {
        loop.send(id, bytes.span.bytes)
        connections[id]?.sent += bytes.count
    }

    /// Everything the connection with this number (in the order of appearance) was sent by its peer.
    func received(_ number: Int) -> [UInt8] {
        number < order.count ? connections[order[number]]?.received ?? [] : []
    }

    func fault(_ number: Int) -> TLSFault? { number < order.count ? faults[order[number]] : nil }

    func cause(_ number: Int) -> CloseCause? { number < order.count ? causes[order[number]] : nil }

    func count(_ isCounted: (LoopEvent) -> Bool) -> Int { events.count { isCounted($0) } }
}

extension SimulatedNetwork {
    /// Runs the server until nothing happens any more.
    func settle(_ server: inout EchoServer) throws {
        try run { server.step() }
    }
}
