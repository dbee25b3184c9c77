import HTTPWire
import WebSocketWire

/// Decides whether a request is a handshake, and what it is answered with.
struct Upgrade {
    /// What is agreed with a client, should it be let in.
    struct Agreement {
        let response: [UInt8]
        let deflate: DeflateParameters?
    }

    enum Verdict {
        case accept(Agreement)
        case refuse(Refusal)
    }

    /// A client that offers none of these is answered without one. A subprotocol that carries a token is not among
    /// them and so never repeated.
    static let subprotocols = ["sluice"]

    private let handshake: ServerHandshake

    init(deflate: DeflateSettings?) {
        handshake = ServerHandshake(subprotocols: Self.subprotocols, deflate: deflate)
    }

    func decide(_ head: RequestHead) -> Verdict {
        switch handshake.decide(UpgradeRequest(head)) {
        case .refuse(let status, let headers, let reason):
            .refuse(Refusal(status == 426 ? .notUpgrade : .badRequest, status, reason, headers))
        // Its bytes would be read as frames, while a proxy in front takes them for the request's.
        case .accept where head.bodyLength != .none:
            .refuse(Refusal(.badRequest, 400, "A handshake has no body."))
        case .accept(let headers, _, let deflate):
            .accept(Agreement(response: switching(headers), deflate: deflate))
        }
    }

    private func switching(_ headers: [(name: String, value: String)]) -> [UInt8] {
        let lines = headers.map { "\($0.name): \($0.value)\r\n" }.joined()
        return Array("HTTP/1.1 101 Switching Protocols\r\n\(lines)\r\n".utf8)
    }
}

extension UpgradeRequest {
    init(_ head: RequestHead) {
        func joined(_ name: String) -> String? {
            let values = head.headers.values(name)
            return values.isEmpty ? nil : values.joined(separator: ", ")
        }
        self.init(
            method: head.method,
            isHTTP11: head.version == .http11,
            upgrade: joined("upgrade"),
            connection: joined("connection"),
            key: joined("sec-websocket-key"),
            version: joined("sec-websocket-version"),
            protocols: joined("sec-websocket-protocol"),
            extensions: joined("sec-websocket-extensions")
        )
    }
}
