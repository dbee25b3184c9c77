internal import HTTPWire
internal import Reactor
internal import WebSocketWire

/// One connection of a run: what it is doing, and what follows from what the server says. No socket, no clock.
struct ClientConnection {
    enum Phase: Equatable {
        /// Not begun.
        case waiting
        case connecting
        case handshaking
        case open
        /// Our Close is sent; the server's is awaited.
        case closing
        /// Both Close frames went their ways; the server is to end TCP (RFC 6455 section 7.1.1).
        case closed
        case ended
    }

    /// What the caller has to do.
    enum Action: Equatable {
        case none
        /// The handshake is done.
        case opened
        /// Answer with this payload.
        case pong(ControlPayload)
        /// Close frames were exchanged.
        case closed
        /// It is over.
        case fail(ConnectionFailure)
    }

    private(set) var phase = Phase.waiting
    private(set) var failure: ConnectionFailure?
    /// The loop's name for it, from `begin` on.
    private(set) var id: ConnectionID?
    /// Which of the host's addresses it goes to.
    private(set) var address = 0
    private var handshake: ClientHandshake?
    private var head = ResponseHeadReader()
    private var frames = FrameReader(role: .client)

    /// Messages it is to send in all.
    var quota = 0
    /// Messages that may be sent by now.
    var due = 0
    /// Messages handed to the loop.
    var sent = 0
    /// Messages of the server.
    private(set) var heard = 0

    /// Whether logs may go out on it.
    var mayBeSentTo: Bool { phase == .open && failure == nil }

    /// Starts to connect.
    mutating func begin(_ id: ConnectionID, _ handshake: ClientHandshake) {
        self.id = id
        self.handshake = handshake
        phase = .connecting
    }

    /// Nobody answered at its address.
    /// - Returns: whether it has another one, of so many, to try.
    mutating func triesNext(of addresses: Int) -> Bool {
        guard phase == .connecting, failure == nil, address + 1 < addresses else { return false }
        address += 1
        phase = .waiting
        return true
    }

    /// TCP stands.
    /// - Returns: the request to send.
    mutating func connected(to url: TargetURL) -> String {
        phase = .handshaking
        return handshake?.request(target: url.target, host: url.authority) ?? ""
    }

    /// Our Close is on its way.
    mutating func closeSent() { phase = .closing }

    /// The first reason is the one that counts.
    mutating func fail(_ failure: ConnectionFailure) {
        if self.failure == nil { self.failure = failure }
    }

    /// The server's FIN came.
    mutating func peerEnded() {
        if phase != .closed { fail(.noClose) }
    }

    /// TCP is over.
    mutating func ended(_ cause: CloseCause) {
        switch cause {
        case _ where phase == .closed: break
        case .connectFailed(let error): fail(.connect(error))
        default: fail(.broken(cause))
        }
        phase = .ended
    }

    /// Takes what follows next from the bytes that were read, until `offset` is at their end.
    mutating func next(_ bytes: RawSpan, at offset: inout Int) -> Action {
        phase == .handshaking ? readHead(bytes, at: &offset) : readFrames(bytes, at: &offset)
    }

    private mutating func readHead(_ bytes: RawSpan, at offset: inout Int) -> Action {
        switch head.next(bytes, at: &offset) {
        case .needMore: return .none
        case .refused(let fault): return stop(.noHTTP(fault))
        case .head(let head):
            do throws(ClientHandshakeError) {
                _ = try handshake?.check(UpgradeResponse(head))
            } catch {
                return stop(.handshake(error))
            }
            phase = .open
            return .opened
        }
    }

    private mutating func readFrames(_ bytes: RawSpan, at offset: inout Int) -> Action {
        while true {
            switch frames.next(bytes, at: &offset) {
            case .needMore: return .none
            case .message: heard += 1
            case .piece(let piece): heard += piece.ends ? 1 : 0
            case .ping(let payload): if phase == .open { return .pong(payload) }
            case .pong: break
            case .close(let frame):
                guard phase == .closing else { return stop(.closedByServer(frame.code, frame.text)) }
                phase = .closed
                return .closed
            case .violation(let code, let reason):
                offset = bytes.byteCount
                return stop(.violation(code, "\(reason)"))
            }
        }
    }

    private mutating func stop(_ failure: ConnectionFailure) -> Action {
        fail(failure)
        return .fail(failure)
    }
}

extension UpgradeResponse {
    fileprivate init(_ head: ResponseHead) {
        func joined(_ name: String) -> String? {
            let values = head.headers.values(name)
            return values.isEmpty ? nil : values.joined(separator: ",")
        }
        self.init(
            status: head.status,
            upgrade: joined("upgrade"),
            connection: joined("connection"),
            accept: joined("sec-websocket-accept"),
            subprotocol: joined("sec-websocket-protocol"),
            extensions: joined("sec-websocket-extensions")
        )
    }
}
