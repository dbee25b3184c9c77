import HTTPWire
import WebSocketWire

/// Decides whether a request is a handshake, and what it is answered with.
struct Upgrade {
    /// What is agreed with a client, should it be let in.
    struct Agreement {
        let response: [UInt8]
        let deflate: DeflateParameters?
        /// Nil unless messages are numbered and acknowledged.
        let resume: ResumeRequest?
    }

    enum Verdict {
        case accept(Agreement)
        case refuse(Refusal)
    }

    static let plain = "sluice"
    static let acknowledged = "sluice.v1"

    /// A client that offers none of its own is answered without one. A subprotocol that carries a token is not among
    /// them and so never repeated.
    private let handshake: ServerHandshake
    private let acknowledges: Bool

    /// - Parameter acknowledges: whether an ack can be given: what Kafka says it has is stored.
    init(deflate: DeflateSettings?, acknowledges: Bool) {
        let subprotocols = acknowledges ? [Self.acknowledged, Self.plain] : [Self.plain]
        handshake = ServerHandshake(subprotocols: subprotocols, deflate: deflate)
        self.acknowledges = acknowledges
    }

    func decide(_ head: RequestHead) -> Verdict {
        switch handshake.decide(UpgradeRequest(head)) {
        case .refuse(let status, let headers, let reason):
            return .refuse(Refusal(status == 426 ? .notUpgrade : .badRequest, status, reason, headers))
        // Its bytes would be read as frames, while a proxy in front takes them for the request's.
        case .accept where head.bodyLength != .none:
            return .refuse(Refusal(.badRequest, 400, "A handshake has no body."))
        case .accept(let headers, let subprotocol, let deflate):
            // A client that goes on without them would keep everything it sends for acks that never come.
            if !acknowledges, subprotocol == nil, offersAcknowledged(head) {
                let text = "sluice.v1 needs output.kafka.required_acks: -1."
                return .refuse(Refusal(.badRequest, 400, text))
            }
            do throws(ResumeRequest.Fault) {
                let isAcknowledged = subprotocol == Self.acknowledged
                let resume = isAcknowledged ? try ResumeRequest(query: head.query) : nil
                return .accept(Agreement(response: switching(headers), deflate: deflate, resume: resume))
            } catch {
                return .refuse(Refusal(.badRequest, 400, error.text))
            }
        }
    }

    private func offersAcknowledged(_ head: RequestHead) -> Bool {
        head.headers.tokens("sec-websocket-protocol").contains(Self.acknowledged)
    }

    private func switching(_ headers: [(name: String, value: String)]) -> [UInt8] {
        var response: [UInt8] = []
        response.reserveCapacity(256)
        response.append(contentsOf: "HTTP/1.1 101 Switching Protocols\r\n".utf8)
        for header in headers {
            response.append(contentsOf: header.name.utf8)
            response.append(contentsOf: ": ".utf8)
            response.append(contentsOf: header.value.utf8)
            response.append(contentsOf: "\r\n".utf8)
        }
        response.append(contentsOf: "\r\n".utf8)
        return response
    }
}

extension UpgradeRequest {
    init(_ head: RequestHead) {
        self.init(
            method: head.method,
            isHTTP11: head.version == .http11,
            upgrade: head.headers.joined("upgrade"),
            connection: head.headers.joined("connection"),
            key: head.headers.joined("sec-websocket-key"),
            version: head.headers.joined("sec-websocket-version"),
            protocols: head.headers.joined("sec-websocket-protocol"),
            extensions: head.headers.joined("sec-websocket-extensions")
        )
    }
}
