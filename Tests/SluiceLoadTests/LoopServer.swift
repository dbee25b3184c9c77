import Reactor
import Synchronization
import WebSocketWire

@testable import sluice_load

/// A WebSocket server on a thread of its own that reads logs and keeps them, or misbehaves.
struct LoopServer: ~Copyable {
    enum Manner: Equatable {
        case obedient
        case refusing
        /// Sends Close after so many logs of a connection.
        case closing(after: Int)
        /// Hangs up where Close is due.
        case hangingUp
        /// Reads nothing after the handshake.
        case deaf
        /// Sends every message back.
        case echoing
        /// Speaks `sluice.v1`, an ack for every ten messages and for the last of a read. The first connection of each
        /// sender hangs up after so many.
        case acknowledging(breaksAfter: Int?)
    }

    private final class Shared: Sendable {
        let isStopped = Atomic<Bool>(false)
        let heard = Mutex<[LogForm.Reading]>([])
        /// Senders whose connection was broken already.
        let broken = Mutex<Set<Int>>([])
    }

    private struct Peer {
        var head = ""
        var frames = FrameReader()
        var isOpen = false
        var payload: [UInt8] = []
        var messages = 0
    }

    let port: UInt16
    private let shared: Shared
    private let thread: LoopThread

    static func start(_ manner: Manner, size: Int = 200) throws -> LoopServer {
        let listener = try Listener.bind(.parse("127.0.0.1:0"))
        let port = listener.boundAddress.port!
        let shared = Shared()
        let box = ListenerBox(listener)
        let thread = try LoopThread.start(name: "server") {
            guard let listener = box.take(), let loop = try? SocketLoop() else { return }
            serve(loop, listener, manner, size, shared)
        }
        return LoopServer(port: port, shared: shared, thread: thread)
    }

    /// Ends it.
    /// - Returns: what each message was, in the order in which they came.
    consuming func finish() -> [LogForm.Reading] {
        shared.isStopped.store(true, ordering: .relaxed)
        let shared = shared
        thread.join()
        return shared.heard.withLock { $0 }
    }

    private static func serve(
        _ loop: consuming SocketLoop,
        _ listener: consuming Listener,
        _ manner: Manner,
        _ size: Int,
        _ shared: Shared
    ) {
        loop.listen(listener)
        let buffer = ReadBuffer()
        var peers: [ConnectionID: Peer] = [:]
        loop.setTimer(LoopTimer(rawValue: 0), at: 0)
        while true {
            switch loop.next() {
            case .accepted(let id, _): peers[id] = Peer()
            case .readable(let id):
                if manner == .deaf, peers[id]?.isOpen ?? false {
                    loop.pauseReading(id)
                    continue
                }
                switch loop.receive(id, into: buffer) {
                case .bytes(let count):
                    let bytes = buffer.bytes(count).withUnsafeBytes { Array($0) }
                    take(bytes, id, &peers[id, default: Peer()], &loop, manner, size, shared)
                case .end: loop.close(id)
                default: break
                }
            case .timer:
                if shared.isStopped.load(ordering: .relaxed) { return }
                loop.setTimer(LoopTimer(rawValue: 0), at: loop.now + 20_000_000)
            case .stopped: return
            default: break
            }
        }
    }

    private static func take(
        _ bytes: [UInt8],
        _ id: ConnectionID,
        _ peer: inout Peer,
        _ loop: inout SocketLoop,
        _ manner: Manner,
        _ size: Int,
        _ shared: Shared
    ) {
        guard peer.isOpen else {
            peer.head += String(decoding: bytes, as: UTF8.self)
            guard peer.head.hasSuffix("\r\n\r\n") else { return }
            peer.isOpen = true
            loop.send(id, Array(answer(peer.head, manner).utf8).span.bytes)
            if manner == .refusing { loop.close(id) }
            return
        }
        let padded = bytes + Array(repeating: 0, count: Masking.padding)
        var offset = 0
        func append(_ start: Int, _ count: Int, _ mask: UInt32) {
            var copy = Array(padded[start..<(start + count)])
            Masking.apply(mask, to: &copy, from: 0)
            peer.payload += copy
        }
        func ended() {
            let reading = readAny(peer.payload, size: size)
            shared.heard.withLock { $0.append(reading) }
            if manner == .echoing { echo(peer.payload, id, &loop) }
            peer.payload = []
            peer.messages += 1
            if case .acknowledging(let limit) = manner {
                acknowledge(reading, peer.messages, limit, id, &loop, shared)
            }
            if case .closing(let limit) = manner, limit == peer.messages { close(id, .goingAway, &loop) }
        }
        while true {
            switch peer.frames.next(bytes.span.bytes, at: &offset) {
            case .message(let frame):
                append(frame.offset, frame.count, frame.mask)
                ended()
            case .piece(let piece):
                append(piece.offset, piece.count, piece.mask)
                if piece.ends { ended() }
            case .close:
                if manner != .hangingUp { close(id, .normal, &loop) }
                loop.close(id)
                return
            default: return
            }
        }
    }

    private static func echo(_ payload: [UInt8], _ id: ConnectionID, _ loop: inout SocketLoop) {
        var frame: [UInt8] = []
        FrameWriter.append(.text, payload.span.bytes, to: &frame)
        loop.send(id, frame.span.bytes)
    }

    private static func acknowledge(
        _ reading: LogForm.Reading,
        _ messages: Int,
        _ limit: Int?,
        _ id: ConnectionID,
        _ loop: inout SocketLoop,
        _ shared: Shared
    ) {
        if let limit, messages >= limit, case .intact(let connection, _) = reading,
            shared.broken.withLock({ $0.insert(connection).inserted })
        {
            loop.abort(id)
            return
        }
        // So that something is always left without an ack.
        guard limit == nil || messages % 10 == 0 || messages > 100 else { return }
        echo(Array("{\"ack\":\(messages)}".utf8), id, &loop)
    }

    private static func close(_ id: ConnectionID, _ code: CloseCode, _ loop: inout SocketLoop) {
        var frame: [UInt8] = []
        FrameWriter.append(close: code, to: &frame)
        loop.send(id, frame.span.bytes)
    }

    private static func answer(_ head: String, _ manner: Manner) -> String {
        if manner == .refusing { return "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n" }
        let name = "Sec-WebSocket-Key: "
        let key = head.split(separator: "\r\n").first { $0.hasPrefix(name) }?.dropFirst(name.count) ?? ""
        let accept = Handshake.accept(key: String(key))
        let isAcknowledging = if case .acknowledging = manner { true } else { false }
        return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + (isAcknowledging ? "Sec-WebSocket-Protocol: sluice.v1\r\n" : "")
            + "Sec-WebSocket-Accept: \(accept)\r\n\r\n"
    }
}

/// What a message is; of a size other than the usual it says itself.
private func readAny(_ payload: [UInt8], size: Int) -> LogForm.Reading {
    LogForm.read(
        payload.span.bytes,
        run: sluiceRun,
        sizes: SizeTable(fixed: payload.count == size ? size : payload.count)
    )
}
