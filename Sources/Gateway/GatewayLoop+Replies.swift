import HTTPWire
import LogPipeline
import Reactor
import WebSocketWire

// What goes back to a client on its open connection: control frames, echoes.
extension GatewayLoop where P: ~Copyable, T: ~Copyable {
    /// Unread replies of a connection from which on nothing but Close is added, in bytes.
    static var replyBound: Int { 64 * 1024 }

    mutating func pong(_ id: ConnectionID, _ payload: ControlPayload, _ state: inout ConnectionState) {
        // A peer that pings and never reads costs a bounded queue and nothing else.
        guard mayEcho(id, state) else { return }
        scratch.removeAll(keepingCapacity: true)
        FrameWriter.append(pong: payload, to: &scratch)
        sendScratch(id, &state)
    }

    mutating func ping(_ id: ConnectionID) {
        guard hasRoom(id) else { return }
        scratch.removeAll(keepingCapacity: true)
        FrameWriter.append(ping: ControlPayload(), to: &scratch)
        Self.write(scratch, to: id, &reactor)
    }

    /// The message `ping` of clients that cannot send ping frames.
    mutating func keepAliveMessage(_ id: ConnectionID, _ policy: RoutePolicy, _ state: inout ConnectionState) {
        counters.keepAliveMessages += 1
        if isNumbering { numbering.keptAlive() }
        guard mayEcho(id, state) else { return }
        scratch.removeAll(keepingCapacity: true)
        FrameWriter.append(text: policy.echoes ? "ping" : "pong", to: &scratch)
        sendScratch(id, &state)
    }

    /// Replies of fewer bytes are not worth compressing.
    static var leastCompressed: Int { 256 }

    /// Compresses the frame in `scratch`, if that was agreed on and makes it shorter.
    ///
    /// - Parameter start: where its payload begins.
    mutating func compressScratch(_ kind: MessageKind, from start: Int, _ state: borrowing ConnectionState) {
        guard let parameters = state.inflation?.parameters, parameters.serverMayCompress, let deflater else { return }
        deflated.removeAll(keepingCapacity: true)
        unsafe scratch.withUnsafeBytes { frame in
            let payload = unsafe UnsafeRawBufferPointer(rebasing: frame[start...])
            unsafe deflater.compress(payload, windowBits: parameters.serverWindowBits, into: &deflated)
        }
        guard deflated.count < scratch.count - start else { return }
        scratch.removeAll(keepingCapacity: true)
        FrameWriter.header(kind.opcode, isCompressed: true, count: deflated.count).append(to: &scratch)
        scratch.append(contentsOf: deflated)
    }

    mutating func peerCloses(_ id: ConnectionID, _ frame: CloseFrame, _ state: inout ConnectionState) {
        if state.phase == .open { sendClose(id, code: frame.code, reason: "") }
        finish(id, &state)
    }

    mutating func sendClose(_ id: ConnectionID, code: CloseCode?, reason: String) {
        scratch.removeAll(keepingCapacity: true)
        FrameWriter.append(close: code, reason: reason, to: &scratch)
        Self.write(scratch, to: id, &reactor)
    }

    /// Whether a reply may be added: not behind our own Close (RFC 6455 section 5.5.1).
    mutating func mayEcho(_ id: ConnectionID, _ state: borrowing ConnectionState) -> Bool {
        state.phase == .open && hasRoom(id)
    }

    private mutating func hasRoom(_ id: ConnectionID) -> Bool {
        reactor.pendingOutput(id) < Self.replyBound
    }

    mutating func sendScratch(_ id: ConnectionID, _ state: inout ConnectionState) {
        state.keepAlive.sent(at: reactor.now)
        Self.write(scratch, to: id, &reactor)
    }

    mutating func send(_ id: ConnectionID, _ state: inout ConnectionState, _ bytes: [UInt8]) {
        state.keepAlive.sent(at: reactor.now)
        Self.write(bytes, to: id, &reactor)
    }

    // A function of its own, because a span of one property keeps the compiler from changing the other.
    private static func write(_ bytes: [UInt8], to id: ConnectionID, _ reactor: inout EventLoop<P, T>) {
        unsafe reactor.send(id, bytes.span.bytes)
    }
}
