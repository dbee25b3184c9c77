import LogPipeline
import Simulation

@testable import Gateway
@testable import Reactor

/// One gateway loop and as many clients as it is to hold.
final class CrowdWorld {
    /// What a loop holds, in pieces.
    struct Holdings: Equatable {
        /// Entries of the gateway's table with a connection, and of the loop's own.
        var connections = 0
        var places = 0
        /// Deadlines that are set.
        var deadlines = 0
        /// Chunks of output.
        var chunks = 0
        /// Connections that stand in a list of work to be done.
        var listed = 0
        /// What the loops of the process count together: before the upgrade, by address.
        var isBeforeUpgrade = 0
        /// Bytes reserved for messages that are not whole.
        var partialBytes = 0
        /// Upgraded connections.
        var upgraded = 0
    }

    let network: SimulatedNetwork
    let flusher: CrowdFlusher
    let shared = SharedState()
    var members: [CrowdMember] = []
    private var loop: GatewayLoop<SimulatedPoller, SimulatedTransport>
    private var buffer = ReadBuffer(capacity: readSize)

    /// - Parameter capacity: of members, over the whole life.
    init(capacity: Int) {
        network = SimulatedNetwork(seed: 1)
        network.descriptorLimit = capacity + 1_000
        flusher = CrowdFlusher(members: capacity)
        var configuration = GatewayConfiguration(routes: [LogRoute(path: "/logs", topic: TopicIndex(rawValue: 0))])
        configuration.idleTimeout = 50 * second
        var reactor = network.makeLoop()
        reactor.listen(network.listen())
        loop = GatewayLoop(
            reactor: reactor,
            index: 0,
            loops: 1,
            configuration: configuration,
            topics: 1,
            flusher: flusher,
            shared: shared,
            clock: WallClock { 1_700_000_000_000 }
        )
        flusher.start(sinks: [loop.sink])
        members.reserveCapacity(capacity)
    }

    var snapshot: LoopSnapshot { loop.snapshot() }
    var ticks: Int { loop.reactor.counters.ticks }
    /// Entries that the gateway's table has ever had.
    var tableSize: Int { loop.connections.count }

    var holdings: Holdings {
        var holdings = Holdings()
        holdings.connections = loop.connections.count(where: { $0 != nil })
        holdings.places = loop.reactor.connectionCount
        holdings.deadlines = loop.reactor.armedDeadlines
        holdings.chunks = loop.reactor.pool.usedCount
        holdings.listed = [
            loop.reactor.masks.count, loop.reactor.toFlush.count, loop.reactor.flushing.count,
            loop.reactor.toRead.count, loop.reactor.reading.count, loop.reactor.ended.count, loop.reactor.limbo.count,
            loop.speaking.count, loop.orphans.count, loop.counters.paused,
        ].reduce(0, +)
        holdings.isBeforeUpgrade = loop.connections.count(where: { $0?.state.requests != nil })
        holdings.partialBytes = loop.partial.used
        holdings.upgraded = loop.counters.connections[0]
        return holdings
    }

    /// Connections that own anything beside themselves.
    var owners: Int {
        var owners = 0
        for case let connection? in loop.connections {
            let isBare =
                connection.state.requests == nil && connection.state.guest == nil && connection.state.message == nil
                && connection.state.inflation == nil && connection.state.carry == nil
            if !isBare { owners += 1 }
        }
        return owners
    }

    /// The connection of some member, as it lies in memory.
    var anyConnection: Connection? { loop.connections.lazy.compactMap(\.self).first }

    /// Lets everything happen that can.
    func run() throws {
        try network.run { _ = self.loop.step(&self.buffer) }
    }

    func run(milliseconds: UInt64) throws {
        network.advance(by: milliseconds * millisecond)
        try run()
    }

    func run(seconds: UInt64) throws { try run(milliseconds: seconds * 1_000) }

    /// What the kernel was asked for meanwhile.
    func calls(_ body: () throws -> Void) rethrows -> KernelCalls {
        let before = network.calls
        try body()
        return network.calls - before
    }

    /// New members: connected and upgraded, so many at a time.
    /// - Returns: how many were let in.
    func join(_ count: Int, atATime wave: Int = 1_000, _ end: (Int) -> CrowdMember.End) throws -> Int {
        let request = Array(GatewayClient.request("/logs").utf8)
        var welcome: [UInt8] = []
        var admitted = 0
        let first = members.count
        while members.count < first + count {
            let begin = members.count
            for number in begin..<min(begin + wave, first + count) {
                let member = CrowdMember(number: number, end: end(number), peer: network.connect())
                member.peer.write(request)
                members.append(member)
            }
            try run()
            for number in begin..<members.count {
                let answer = members[number].peer.read()
                if welcome.isEmpty, answer.starts(with: "HTTP/1.1 101 ".utf8) { welcome = answer }
                if answer == welcome { admitted += 1 }
            }
        }
        return admitted
    }

    func drain(seconds: UInt64) -> Flag {
        let done = Flag()
        loop.inbox.post(.drain(within: seconds * second) { done.set() })
        return done
    }
}
