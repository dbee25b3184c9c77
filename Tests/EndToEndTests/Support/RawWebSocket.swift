/// The client's side of RFC 6455, as little as the tests need and as wrong as they want it.
final class RawWebSocket {
    struct Frame: Equatable {
        let opcode: UInt8
        let payload: [UInt8]

        /// The code of a Close frame.
        var closeCode: Int? { opcode == 8 && payload.count >= 2 ? Int(payload[0]) << 8 | Int(payload[1]) : nil }
        var text: String { String(decoding: payload, as: UTF8.self) }
    }

    let socket: RawSocket
    /// The answer to the handshake.
    let head: String

    /// - Parameters:
    ///   - subprotocols: what is offered.
    ///   - buffering: see `RawSocket`.
    init(
        port: Int,
        path: String = "/logs",
        subprotocols: String? = nil,
        buffering: Int? = nil,
        seconds: Int = 60
    ) throws {
        socket = try RawSocket(port: port, buffering: buffering, seconds: seconds)
        try socket.send(Self.handshake(path, subprotocols: subprotocols))
        var head: [UInt8] = []
        while !head.suffix(4).elementsEqual("\r\n\r\n".utf8) { head += try socket.receive(exactly: 1) }
        self.head = String(decoding: head, as: UTF8.self)
        guard head.starts(with: "HTTP/1.1 101 ".utf8) else { throw Failure(self.head) }
    }

    static func handshake(_ path: String, subprotocols: String? = nil) -> String {
        "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + (subprotocols.map { "Sec-WebSocket-Protocol: \($0)\r\n" } ?? "")
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    }

    /// The head of a frame, its lengths in the shortest form.
    static func head(_ opcode: UInt8, final: Bool = true, count: Int, mask: [UInt8]? = [1, 2, 3, 4]) -> [UInt8] {
        let masked: UInt8 = mask == nil ? 0 : 0x80
        var head = [opcode | (final ? 0x80 : 0)]
        if count < 126 {
            head.append(masked | UInt8(count))
        } else if count < 65_536 {
            head += [masked | 126, UInt8(count >> 8), UInt8(count & 0xff)]
        } else {
            head += [masked | 127] + (0..<8).reversed().map { UInt8(truncatingIfNeeded: count >> ($0 * 8)) }
        }
        return head + (mask ?? [])
    }

    static func frame(_ opcode: UInt8, final: Bool = true, _ payload: [UInt8]) -> [UInt8] {
        let mask: [UInt8] = [1, 2, 3, 4]
        return head(opcode, final: final, count: payload.count, mask: mask)
            + payload.enumerated().map { $0.element ^ mask[$0.offset & 3] }
    }

    func send(text: String) throws { try socket.send(Self.frame(1, Array(text.utf8))) }
    func send(binary: [UInt8]) throws { try socket.send(Self.frame(2, binary)) }
    func send(_ opcode: UInt8, final: Bool, _ payload: [UInt8]) throws {
        try socket.send(Self.frame(opcode, final: final, payload))
    }

    /// The server's next frame.
    func receive() throws -> Frame {
        let head = try socket.receive(exactly: 2)
        var count = Int(head[1] & 0x7f)
        if count >= 126 {
            count = try socket.receive(exactly: count == 126 ? 2 : 8).reduce(0) { $0 << 8 | Int($1) }
        }
        return Frame(opcode: head[0] & 0x0f, payload: try socket.receive(exactly: count))
    }

    /// Asks for the end and waits for it; gives the code of the server's Close.
    @discardableResult
    func close(_ code: Int = 1000) throws -> Int? {
        try socket.send(Self.frame(8, [UInt8(code >> 8), UInt8(code & 0xff)]))
        var frame = try receive()
        while frame.opcode != 8 { frame = try receive() }
        // RFC 6455 section 7.1.1: the server ends TCP first. Only our own end lets it forget the connection at once.
        socket.shutWriting()
        return frame.closeCode
    }
}
