import HTTPWire
import WebSocketWire

/// Decides about a request head: a WebSocket on a route, or a refusal that says why.
struct Upgrade {
    enum Decision {
        case accept(route: Int, response: [UInt8], deflate: DeflateParameters?)
        case refuse(RefusalReason, response: Response)
    }

    /// What the decision depends on beside the request.
    struct Circumstances {
        var isDraining = false
        var isFull = false
    }

    private let routes: [String: Int]
    private let handshake: ServerHandshake

    /// - Parameter compression: what is wanted of permessage-deflate; nil offers none.
    init(routes: [LogRoute], compression: DeflateSettings? = nil) {
        handshake = ServerHandshake(deflate: compression)
        self.routes = Dictionary(routes.enumerated().map { ($1.path, $0) }) { first, _ in first }
    }

    /// - Parameter isDeliverable: whether this route's topic can be delivered to.
    func decide(
        _ head: RequestHead,
        _ circumstances: Circumstances,
        isDeliverable: (Int) -> Bool
    ) -> Decision {
        guard let route = routes[head.path] else {
            let known = routes.keys.sorted().joined(separator: ", ")
            return refuse(.notFound, 404, "No route \(printable(head.path)). The routes are: \(known).")
        }
        switch handshake.decide(UpgradeRequest(head)) {
        case .refuse(let status, let headers, let reason):
            return refuse(status == 426 ? .notUpgrade : .badRequest, status, reason, headers)
        case .accept(let headers, _, let deflate):
            if circumstances.isDraining {
                return refuse(.notReady, 503, "Sluice is shutting down.", [("Retry-After", "5")])
            }
            guard isDeliverable(route) else {
                return refuse(
                    .notReady,
                    503,
                    "Kafka cannot take logs of this route; see /readyz.",
                    [("Retry-After", "5")]
                )
            }
            if circumstances.isFull {
                return refuse(
                    .tooMany,
                    429,
                    "max_connections are open already.",
                    [("Retry-After", "10")]
                )
            }
            return .accept(route: route, response: switching(headers), deflate: deflate)
        }
    }

    private func refuse(
        _ reason: RefusalReason,
        _ status: Int,
        _ text: String,
        _ headers: [(name: String, value: String)] = []
    ) -> Decision {
        var response = Response.text(status, text)
        response.headers += headers
        return .refuse(reason, response: response)
    }

    private func switching(_ headers: [(name: String, value: String)]) -> [UInt8] {
        let lines = headers.map { "\($0.name): \($0.value)\r\n" }.joined()
        return Array("HTTP/1.1 101 Switching Protocols\r\n\(lines)\r\n".utf8)
    }

    private func printable(_ path: String) -> String {
        String(path.unicodeScalars.prefix(100).filter { $0.value > 0x20 && $0.value < 0x7F }.map(Character.init))
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
