internal import HTTPWire
internal import Reactor
internal import WebSocketWire

/// Why a connection did not do what it should.
enum ConnectionFailure: Error, Equatable {
    /// The kernel had no socket for it, or nobody answered.
    case connect(Errno)
    /// What came back is no HTTP.
    case noHTTP(HeadFault)
    case handshake(ClientHandshakeError)
    /// The server sent Close before everything was sent.
    case closedByServer(CloseCode?, String)
    /// The server broke RFC 6455.
    case violation(CloseCode, String)
    /// The server ended TCP without a Close.
    case noClose
    case broken(CloseCause)
    /// TLS was not agreed on.
    case tls(TLSFault?)
    /// The server does not speak `sluice.v1`.
    case noAcks
    /// What was sent was not answered in time.
    case unanswered(Int)
    /// Nothing went on for as long as `--stall` allows.
    case stalled
    /// The user did not want to wait for it.
    case interrupted
    /// The run ended before it could begin.
    case notStarted
}

extension ConnectionFailure: CustomStringConvertible {
    var description: String {
        switch self {
        case .connect(let error): "cannot connect: \(error)"
        case .noHTTP(let fault): "the answer to the handshake is no HTTP: \(fault)"
        case .handshake(.refused(let status)): "the handshake was answered with status \(status)"
        case .handshake(let error): "the handshake was answered wrongly: \(error)"
        case .closedByServer(let code?, let text):
            "closed by the server, code \(code.rawValue)" + (text.isEmpty ? "" : ": \(text)")
        case .closedByServer(nil, _): "closed by the server, without a code"
        case .violation(_, let reason): "the server broke the protocol: \(reason)"
        case .noClose: "the server hung up without a Close frame"
        case .broken(.reset): "reset by the server"
        case .broken(.failed(let error)): "broken: \(error)"
        case .broken(let cause): "broken: \(cause)"
        case .tls(.badCertificate(let code)?):
            "the server's certificate is not trusted: \(TLSFault.badCertificate(code)); --ca FILE names who has signed "
                + "it, --insecure takes any"
        case .tls(let fault?): "TLS failed: \(fault)"
        case .tls(nil): "TLS failed"
        case .noAcks: "the server does not speak sluice.v1"
        case .unanswered(let count): "\(count) \(count == 1 ? "log was" : "logs were") not answered"
        case .stalled: "nothing went on"
        case .interrupted: "interrupted"
        case .notStarted: "never begun"
        }
    }
}
