/// How much of `sluice.v1` a gateway offers.
///
/// Asked of it while not all of it is built: a schedule is then played with the clients that it has.
enum AckOffer: String {
    case nothing
    case acks
    case sessions

    /// - Parameter path: a route with `topic: none`, so that what is sent for this counts nowhere.
    init(of gateway: Gateway, path: String) throws {
        let first = 1_000
        let socket = try RawWebSocket(
            port: gateway.port,
            path: "\(path)?session=offer&from=\(first)",
            subprotocols: "sluice.v1"
        )
        guard socket.head.lowercased().contains("\r\nsec-websocket-protocol: sluice.v1\r\n") else {
            self = .nothing
            return
        }
        try socket.send(text: "{}")
        switch try socket.receive().text {
        case #"{"ack":1}"#: self = .acks
        case #"{"ack":\#(first)}"#: self = .sessions
        case let text: throw Failure("no ack: \(text)")
        }
        try socket.close()
    }
}
