import Foundation
import HTTPWire
import Reactor
import WebSocketWire

/// One outgoing connection that sends messages and closes.
struct SendSession: ~Copyable {
    enum Failure: Error, CustomStringConvertible {
        case noRandomBytes
        case refused(String)
        case ended(String)
        case timedOut(String)
        /// TLS was not agreed on.
        case insecure(TLSFault?)

        var description: String {
            switch self {
            case .noRandomBytes: "the system has no random bytes for the handshake"
            case .refused(let reason): "the server refused: \(reason)"
            case .ended(let reason): "the connection ended early: \(reason)"
            case .timedOut(let step): "no answer within 10 s \(step)"
            case .insecure(.badCertificate(let code)?):
                "the server's certificate is not trusted: \(TLSFault.badCertificate(code)); --ca FILE names who has "
                    + "signed it, --insecure takes any"
            case .insecure(let fault?) where fault.isAlert:
                "the server ends TLS: \(fault) (--cert FILE --key FILE, where it asks for a certificate)"
            case .insecure(let fault?): "TLS failed: \(fault); does the server speak TLS here?"
            case .insecure(nil): "TLS failed"
            }
        }
    }

    private enum Phase {
        case connecting
        case handshake
        case sending
        case closing
    }

    private var reactor: SocketLoop
    private let id: ConnectionID
    private let url: WebSocketURL
    private let headers: [(name: String, value: String)]
    private let handshake: ClientHandshake
    private var phase = Phase.connecting
    private var response = ResponseHeadReader()
    private var frames = FrameReader(role: .client)
    private var refusal: String?
    private var sent = 0
    private var waiting: ArraySlice<LineFeeder.Item> = []
    private var random = SystemRandomNumberGenerator()

    /// Bytes that may wait for the kernel before the next line is read.
    private static let outputBound = 256 * 1024
    private static let timeout = LoopTimer(rawValue: 0)
    private static let patience: UInt64 = 10_000_000_000

    /// - Parameters:
    ///   - security: of what to speak TLS with; nil for `ws://`.
    ///   - headers: of the handshake, beside its own.
    init(
        to url: WebSocketURL,
        at address: SocketAddress,
        security: TLSContext?,
        headers: [(name: String, value: String)]
    ) throws {
        guard let key = ClientHandshake.makeKey() else { throw Failure.noRandomBytes }
        var reactor = try SocketLoop()
        // A number is looked for among the certificate's addresses, which is what happens without a name.
        let name = IPAddress(url.host) == nil ? url.host : nil
        let id = try reactor.connect(to: address, from: nil, security: security, serverName: name)
        reactor.setTimer(Self.timeout, at: reactor.now &+ Self.patience)
        self.url = url
        self.headers = headers
        self.id = id
        handshake = ClientHandshake(key: key)
        self.reactor = reactor
    }

    /// - Parameter texts: the messages; none: the lines of standard input.
    /// - Returns: how many were sent, and read by the server: its Close comes behind them.
    mutating func run(_ texts: [String]) throws(Failure) -> Int {
        let buffer = ReadBuffer()
        let feeder = LineFeeder(waker: reactor.waker)
        feeder.start(texts)
        while true {
            switch reactor.next() {
            case .connected:
                phase = .handshake
                write(Array(handshake.request(target: url.target, host: url.authority, further: headers).utf8))
            case .readable:
                if try read(buffer) { return sent }
            case .inbox:
                waiting += feeder.take()
            case .endOfTick:
                if phase == .sending { send(feeder) }
            case .writable:
                // Said after the end of the tick: nothing else would end the next tick's sleep.
                if phase == .sending { send(feeder) }
            case .closed(_, let cause):
                if phase == .closing, cause == .finished || cause == .peerClosed { return sent }
                throw ended(cause)
            case .timer:
                throw .timedOut(phase == .closing ? "to the Close" : "while connecting")
            case .accepted, .deadline:
                break
            case .stopped:
                throw .ended("stopped")
            }
        }
    }

    private func ended(_ cause: CloseCause) -> Failure {
        if let refusal { return .refused(refusal) }
        switch cause {
        case .connectFailed(let error), .failed(let error): return .ended(error.description)
        case .tlsFailed: return .insecure(reactor.closedFault)
        case .reset: return .ended("the server reset it")
        default: return .ended("the server closed it")
        }
    }

    /// - Returns: whether the server has answered the Close.
    private mutating func read(_ buffer: borrowing ReadBuffer) throws(Failure) -> Bool {
        switch reactor.receive(id, into: buffer) {
        case .bytes(let count):
            var offset = 0
            let bytes = buffer.bytes(count)
            if phase == .handshake { try switchProtocols(bytes, at: &offset) }
            return try receive(bytes, at: &offset)
        case .wouldBlock:
            return false
        case .end:
            if phase == .closing { return true }
            throw refusal.map { .refused($0) } ?? .ended("the server closed it")
        case .failed(let error):
            throw .ended(error.description)
        }
    }

    private mutating func switchProtocols(_ bytes: RawSpan, at offset: inout Int) throws(Failure) {
        switch response.next(bytes, at: &offset) {
        case .needMore:
            return
        case .refused(let fault):
            throw .refused("no HTTP answer (\(fault))")
        case .head(let head):
            do throws(ClientHandshakeError) {
                _ = try handshake.check(UpgradeResponse(head))
            } catch {
                let body = bytes.extracting(offset...)
                let text = unsafe body.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
                let reason = text.prefix(300).trimmingCharacters(in: .whitespacesAndNewlines)
                let hint = head.status == 401 ? " (--token TOKEN, or SLUICE_TOKEN in the environment)" : ""
                throw .refused("\(head.status) \(reason)\(hint)")
            }
            phase = .sending
            reactor.setTimer(Self.timeout, at: .max)
        }
    }

    private mutating func receive(_ bytes: RawSpan, at offset: inout Int) throws(Failure) -> Bool {
        guard phase == .sending || phase == .closing else { return false }
        while true {
            switch frames.next(bytes, at: &offset) {
            case .needMore:
                return false
            case .message, .piece, .pong:
                break
            case .ping(let payload):
                var frame: [UInt8] = []
                FrameWriter.append(pong: payload, mask: random.next(), to: &frame)
                write(frame)
            case .close(let close):
                if phase == .closing { return true }
                throw .ended("the server closed with \(close.code?.rawValue ?? 1005) \(close.text)")
            case .violation(_, let reason):
                throw .ended("the server breaks the protocol: \(reason)")
            }
        }
    }

    private mutating func send(_ feeder: LineFeeder) {
        while reactor.pendingOutput(id) < Self.outputBound, let item = waiting.popFirst() {
            var frame: [UInt8] = []
            guard case .text(let text) = item else {
                FrameWriter.append(close: .normal, mask: random.next(), to: &frame)
                write(frame)
                phase = .closing
                reactor.setTimer(Self.timeout, at: reactor.now &+ Self.patience)
                return
            }
            FrameWriter.append(text: text, mask: random.next(), to: &frame)
            write(frame)
            sent += 1
            feeder.sent()
        }
    }

    private mutating func write(_ bytes: [UInt8]) {
        unsafe reactor.send(id, bytes.span.bytes)
    }
}

extension UpgradeResponse {
    init(_ head: ResponseHead) {
        func joined(_ name: String) -> String? {
            let values = head.headers.values(name)
            return values.isEmpty ? nil : values.joined(separator: ", ")
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
