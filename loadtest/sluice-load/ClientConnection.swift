internal import HTTPWire
internal import Reactor
internal import WebSocketWire

/// One connection of a run: what it is doing, and what follows from what the server says. No socket, no clock.
struct ClientConnection {
    enum Phase: Equatable {
        /// Not begun, or about to come back.
        case waiting
        case connecting
        case handshaking
        case open
        /// Our Close is sent; the server's is awaited.
        case closing
        /// Both Close frames went their ways; the server is to end TCP (RFC 6455 section 7.1.1). Also that of a sender
        /// that ends without Close.
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
        case reply(Reply)
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
    /// What the handshake agreed on.
    private(set) var deflate: DeflateParameters?
    private var collector: MessageCollector?
    /// Whether the server has answered our Close: what follows is nobody's loss.
    private var closeHeard = false

    /// Logs it is to send in all.
    var quota = 0
    /// Logs that may be sent by now.
    var due = 0
    /// Logs handed to the loop.
    var sent = 0
    /// Messages of the server.
    private(set) var heard = 0
    /// When it began to connect, in monotonic nanoseconds.
    var began: UInt64 = 0
    var answers = AnswerBook()

    /// Whether logs may go out on it.
    var mayBeSentTo: Bool { phase == .open && failure == nil }

    /// Starts to connect.
    mutating func begin(_ id: ConnectionID, _ handshake: ClientHandshake) {
        self.id = id
        self.handshake = handshake
        head = ResponseHeadReader()
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

    /// It broke and will be made anew.
    mutating func comesBack() {
        phase = .waiting
        failure = nil
        address = 0
        collector = nil
    }

    /// TCP, and TLS where there is any, stands.
    /// - Returns: the request to send.
    mutating func connected(to url: TargetURL, target: String? = nil, headers: [HeaderField] = []) -> String {
        phase = .handshaking
        let further = headers.map { (name: $0.name, value: $0.value) }
        return handshake?.request(target: target ?? url.target, host: url.authority, further: further) ?? ""
    }

    /// Our Close is on its way.
    mutating func closeSent() { phase = .closing }

    /// It ends TCP without a Close.
    mutating func hangsUp() { phase = .closed }

    /// The first reason is the one that counts.
    mutating func fail(_ failure: ConnectionFailure) {
        if self.failure == nil { self.failure = failure }
    }

    /// The server's FIN came.
    mutating func peerEnded() {
        if phase != .closed { fail(.noClose) }
    }

    /// TCP is over.
    mutating func ended(_ cause: CloseCause, _ fault: TLSFault? = nil) {
        switch cause {
        case .connectFailed(let error): fail(.connect(error))
        case .tlsFailed: fail(.tls(fault))
        case .reset: if !closeHeard { fail(.broken(.reset)) }
        case _ where phase == .closed: break
        default: fail(.broken(cause))
        }
        phase = .ended
    }

    /// Takes what follows next from the bytes that were read, until `offset` is at their end.
    mutating func next(_ bytes: RawSpan, at offset: inout Int, _ reader: ReplyReader? = nil) -> Action {
        phase == .handshaking ? readHead(bytes, at: &offset, reader) : readFrames(bytes, at: &offset, reader)
    }

    private mutating func readHead(_ bytes: RawSpan, at offset: inout Int, _ reader: ReplyReader?) -> Action {
        switch head.next(bytes, at: &offset) {
        case .needMore: return .none
        case .refused(let fault): return stop(.noHTTP(fault))
        case .head(let head):
            do throws(ClientHandshakeError) {
                let agreement = try handshake?.check(UpgradeResponse(head))
                deflate = agreement?.deflate
                if reader?.listening == .acks, agreement?.subprotocol != "sluice.v1" { return stop(.noAcks) }
            } catch {
                return stop(.handshake(error))
            }
            frames = FrameReader(role: .client, allowsCompression: deflate != nil)
            phase = .open
            return .opened
        }
    }

    private mutating func readFrames(_ bytes: RawSpan, at offset: inout Int, _ reader: ReplyReader?) -> Action {
        while true {
            switch frames.next(bytes, at: &offset) {
            case .needMore: return .none
            case .message(let frame):
                heard += 1
                guard let reader else { continue }
                return take(frame, bytes, reader)
            case .piece(let piece):
                heard += piece.ends ? 1 : 0
                guard let reader, let reply = take(piece, bytes, reader) else { continue }
                return reply
            case .ping(let payload): if phase == .open { return .pong(payload) }
            case .pong: break
            case .close(let frame):
                guard phase == .closing else { return stop(.closedByServer(frame.code, frame.text)) }
                phase = .closed
                closeHeard = true
                return .closed
            case .violation(let code, let reason):
                offset = bytes.byteCount
                return stop(.violation(code, "\(reason)"))
            }
        }
    }

    private mutating func take(_ frame: DataFrame, _ bytes: RawSpan, _ reader: ReplyReader) -> Action {
        let payload = bytes.extracting(frame.offset..<(frame.offset + frame.count))
        guard frame.isCompressed else { return .reply(reader.read(payload)) }
        collect(payload, begins: true)
        return finish(isCompressed: true, reader)
    }

    private mutating func take(_ piece: MessagePiece, _ bytes: RawSpan, _ reader: ReplyReader) -> Action? {
        collect(bytes.extracting(piece.offset..<(piece.offset + piece.count)), begins: piece.begins)
        return piece.ends ? finish(isCompressed: piece.isCompressed, reader) : nil
    }

    private mutating func collect(_ bytes: RawSpan, begins: Bool) {
        if collector == nil { collector = MessageCollector(deflate) }
        if begins { collector?.begin() }
        collector?.append(bytes)
    }

    private mutating func finish(isCompressed: Bool, _ reader: ReplyReader) -> Action {
        guard let message = collector?.end(isCompressed: isCompressed) else {
            return stop(.violation(.invalidPayload, "its compressed message does not inflate"))
        }
        return unsafe .reply(reader.read(message.span.bytes))
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
