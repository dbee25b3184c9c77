import LogPipeline
import Reactor
import Simulation
import WebSocketWire

import struct Telemetry.Logger

@testable import Gateway

typealias SimulatedGatewayLoop = GatewayLoop<SimulatedPoller, SimulatedTransport>

/// A whole gateway loop on a simulated kernel and network, with a destination in memory.
final class GatewayRig {
    let network: SimulatedNetwork
    let flusher: RecordingFlusher
    let shared: SharedState
    private var loop: SimulatedGatewayLoop
    private var buffer = ReadBuffer(capacity: readSize)

    static let wallClock: Int64 = 1_700_000_000_000

    init(
        seed: UInt64 = 1,
        network: SimulatedNetwork? = nil,
        flusher: RecordingFlusher = RecordingFlusher(),
        routes: [LogRoute]? = nil,
        topics: Int = 1,
        shared: SharedState = SharedState(),
        index: Int = 0,
        listeners: Int = 1,
        security: TLSContext? = nil,
        proxies: [IPRange]? = nil,
        clock: WallClock = WallClock { GatewayRig.wallClock },
        logger: Logger = .silent,
        _ adjust: (inout GatewayConfiguration) -> Void = { _ in }
    ) {
        let network = network ?? SimulatedNetwork(seed: seed)
        self.network = network
        self.flusher = flusher
        self.shared = shared
        var configuration = GatewayConfiguration(routes: routes ?? Self.routes)
        adjust(&configuration)
        var reactor = network.makeLoop()
        for _ in 0..<listeners { reactor.listen(network.listen(), security: security, proxies: proxies) }
        loop = SimulatedGatewayLoop(
            reactor: reactor,
            index: index,
            loops: 1,
            configuration: configuration,
            topics: topics,
            proxied: Array(repeating: proxies != nil, count: listeners),
            flusher: flusher,
            shared: shared,
            clock: clock,
            logger: logger
        )
        flusher.start(sinks: Array(repeating: loop.sink, count: index + 1))
    }

    static var routes: [LogRoute] {
        [
            LogRoute(path: "/logs", maxLen: 1_000, topic: TopicIndex(rawValue: 0)),
            LogRoute(path: "/echo", reply: .echo, maxLen: 1_000, topic: TopicIndex(rawValue: 0)),
            LogRoute(path: "/raw", reply: .echo, maxLen: 1 << 20, codec: .raw, topic: nil),
        ]
    }

    /// Lets everything happen that can.
    func run() throws {
        try network.run { _ = self.loop.step(&self.buffer) }
    }

    /// One event.
    func step() {
        _ = loop.step(&buffer)
    }

    func run(seconds: Int) throws {
        network.advance(seconds: seconds)
        try run()
    }

    func client(
        _ path: String = "/logs",
        upgrade: Bool = true,
        listener: Int = 0,
        from address: String? = nil,
        _ headers: [String] = []
    ) -> GatewayClient {
        let address = address.flatMap { IPAddress($0) }
        let client = GatewayClient(peer: network.connect(listener: listener, from: address))
        if upgrade { client.upgrade(path, headers) }
        return client
    }

    var snapshot: LoopSnapshot { loop.snapshot() }
    var sink: any SettlementSink { loop.sink }
    /// Sessions without a connection that wait for settlements.
    var orphanCount: Int { loop.orphans.count }
    var handle: LoopHandle { loop.handle }
    /// Bytes reserved for messages that are not whole.
    var partialBytes: Int { loop.partial.used }
    var inbox: Inbox<LoopMessage> { loop.inbox }
    var ticks: Int { loop.reactor.counters.ticks }
    var spareInflaters: Int { loop.spareInflaters.count }

    /// So much is inflated in a tick.
    func allowInflating(_ allowance: InflateAllowance) { loop.allowance = allowance }

    /// Bytes that wait for clients to read, of all connections.
    var pendingOutput: Int {
        var bytes = 0
        for case let connection? in loop.connections { bytes += loop.reactor.pendingOutput(connection.id) }
        return bytes
    }

    /// What the loop holds of drops that were not said, and of reads that wait behind them, of all connections.
    var heldForDrops: (notices: Int, reads: Int) {
        var (notices, reads) = (0, 0)
        for case let connection? in loop.connections {
            notices += connection.state.guest?.acks?.numbering.unsaidBytes ?? 0
            reads += connection.state.carry?.count ?? 0
        }
        return (notices, reads)
    }

    func dropped(_ reason: DropReason) -> UInt64 { snapshot.ledger.dropped(reason) }
}

/// A WebSocket client on a simulated connection.
final class GatewayClient {
    let peer: SimulatedPeer
    private var replies: [UInt8] = []
    var everything: [UInt8] { replies }

    init(peer: SimulatedPeer) { self.peer = peer }

    static func request(_ path: String, _ headers: [String] = []) -> String {
        """
        GET \(path) HTTP/1.1\r
        Host: sluice\r
        Upgrade: websocket\r
        Connection: Upgrade\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        Sec-WebSocket-Version: 13\r
        \(headers.map { $0 + "\r\n" }.joined())\r

        """
    }

    func upgrade(_ path: String, _ headers: [String] = []) { peer.write(Self.request(path, headers)) }

    static func frame(
        _ opcode: Opcode,
        _ payload: [UInt8],
        isFinal: Bool = true,
        mask: UInt32 = 0x1234_5678
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        FrameWriter.append(opcode, isFinal: isFinal, payload.span.bytes, mask: mask, to: &bytes)
        return bytes
    }

    static func text(_ text: String) -> [UInt8] { frame(.text, Array(text.utf8)) }

    func send(_ text: String) { peer.write(Self.text(text)) }
    func send(_ opcode: Opcode, _ payload: [UInt8], isFinal: Bool = true) {
        peer.write(Self.frame(opcode, payload, isFinal: isFinal))
    }

    func sendClose(_ code: CloseCode = .normal) {
        var bytes: [UInt8] = []
        FrameWriter.append(close: code, mask: 7, to: &bytes)
        peer.write(bytes)
    }

    /// The response's head, without what follows it.
    func head() -> String {
        replies += peer.read()
        return String(decoding: headEnd.map { replies[..<$0] } ?? replies[...], as: UTF8.self)
    }

    var status: Int { Int(head().dropFirst("HTTP/1.1 ".count).prefix(3)) ?? 0 }

    /// What came behind the head, as frames in words: `text:…`, `compressed text:…`, `ping`, `pong:…`, `close:1002`.
    func frames() -> [String] {
        replies += peer.read()
        guard let start = headEnd else { return [] }
        let bytes = Array(replies[start...])
        var reader = FrameReader(role: .client, allowsCompression: true)
        var offset = 0
        var words: [String] = []
        var partial: [UInt8] = []
        while true {
            switch reader.next(bytes.span.bytes, at: &offset) {
            case .needMore: return words
            case .message(let frame):
                let payload = bytes[frame.offset..<frame.offset + frame.count]
                let prefix = frame.isCompressed ? "compressed " : ""
                let text = frame.isCompressed ? Self.inflated(payload) : Array(payload)
                words.append("\(prefix)\(frame.kind):" + String(decoding: text, as: UTF8.self))
            case .piece(let piece):
                partial += bytes[piece.offset..<piece.offset + piece.count]
                if piece.ends {
                    words.append("\(piece.kind):" + String(decoding: partial, as: UTF8.self))
                    partial = []
                }
            case .ping: words.append("ping")
            case .pong(let payload): words.append("pong:" + String(decoding: payload.bytes, as: UTF8.self))
            case .close(let close): words.append("close:\(close.code?.rawValue ?? 1005)")
            case .violation(let code, let reason): words.append("violation:\(code.rawValue) \(reason)")
            }
        }
    }

    private var headEnd: Int? {
        let mark = Array("\r\n\r\n".utf8)
        guard replies.count >= 4 else { return nil }
        return (0...(replies.count - 4)).first { Array(replies[$0..<$0 + 4]) == mark }.map { $0 + 4 }
    }
}
