import Gateway
import LogPipeline
import Reactor

/// One gateway loop that listens on a socket, for clients on the same thread.
struct Gate: ~Copyable {
    let flusher: DiscardingFlusher
    let port: UInt16
    private var loop: GatewayLoop<EpollPoller, Socket>
    private var buffer = ReadBuffer(capacity: readSize)

    /// - Parameters:
    ///   - port: 0: one that is free.
    ///   - reportSize: how many logs are reported as stored together, at least.
    init(port: UInt16 = 0, reportSize: Int = 1) throws {
        flusher = DiscardingFlusher(reportSize: reportSize)
        let topic = flusher.topic(named: "logs")
        var reactor = try SocketLoop()
        let listener = try Listener.bind(.host("127.0.0.1", port: port))
        guard let port = listener.boundAddress.port else { fatalError("a listener without a port") }
        self.port = port
        reactor.listen(listener)
        loop = GatewayLoop(
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
    }

    /// One event.
    mutating func turn() { _ = loop.step(&buffer) }
}
