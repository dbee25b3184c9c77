import CMallocCount
import Gateway
import LogPipeline
import Reactor
import WebSocketWire

extension Scenario {
    private typealias SocketGatewayLoop = GatewayLoop<EpollPoller, Socket>

    /// Does the rounds.
    ///
    /// - Returns: how many logs there were, and how many allocations in all rounds but the first.
    func run(rounds: Int) throws -> (logs: Int, allocations: Int64) {
        let flusher = DiscardingFlusher()
        let topic = flusher.topic(named: "logs")
        var reactor = try SocketLoop()
        let listener = try Listener.bind(.host("127.0.0.1", port: 0))
        guard let port = listener.boundAddress.port else { fatalError("a listener without a port") }
        reactor.listen(listener)
        var loop = SocketGatewayLoop(
            reactor: reactor,
            index: 0,
            loops: 1,
            configuration: GatewayConfiguration(routes: [
                LogRoute(path: "/logs", topic: topic), LogRoute(path: "/echo", reply: .echo, topic: topic),
            ]),
            topics: 1,
            flusher: flusher,
            shared: SharedState(),
            clock: .system
        )
        flusher.start(sinks: [loop.sink])
        var buffer = ReadBuffer(capacity: 64 * 1024)
        var scratch = [UInt8](repeating: 0, count: 256 * 1024)

        let clients = (0..<connections).map { _ in Client(port: port) }
        let request = Client.request(path, subprotocol: subprotocol)
        for client in clients { client.write(request) }
        while clients.contains(where: { $0.received == 0 }) {
            _ = loop.step(&buffer)
            for client in clients { client.drain(&scratch) }
        }

        var frames: [UInt8] = []
        for _ in 0..<batch { FrameWriter.append(text: Scenario.log, mask: 0x1234_5678, to: &frames) }

        for round in 1...rounds {
            if round == 2 { malloc_count_begin() }
            for client in clients { client.write(frames) }
            while flusher.records < round * connections * batch { _ = loop.step(&buffer) }
            for client in clients { client.drain(&scratch) }
        }
        return (flusher.records, malloc_count_end())
    }
}
