/// Decides on requests for a WebSocket (RFC 6455 sections 4.2 and 4.4).
///
/// Extensions are offers: permessage-deflate (RFC 7692) is the only one that may be taken up.
package struct ServerHandshake: Sendable {
    package enum Verdict: Sendable {
        /// Answer 101 with these headers; `subprotocol` is the one agreed on, if any, and so is `deflate`.
        case accept(headers: [(name: String, value: String)], subprotocol: String?, deflate: DeflateParameters?)
        /// Answer `status` (400 or 426) with these headers, beside `Connection`, which is for whoever writes the
        /// answer to decide.
        case refuse(status: Int, headers: [(name: String, value: String)], reason: String)
    }

    private let subprotocols: [String]
    private let deflate: DeflateSettings?

    /// - Parameters:
    ///   - subprotocols: Names of what the server speaks. Of a client's offers the first one that is among them is
    ///     taken: the order is the client's wish (section 4.1).
    ///   - deflate: Nil takes up no offer of permessage-deflate.
    package init(subprotocols: [String] = [], deflate: DeflateSettings? = nil) {
        self.subprotocols = subprotocols
        self.deflate = deflate
    }

    package func decide(_ request: UpgradeRequest) -> Verdict {
        guard HeaderList.contains("websocket", in: request.upgrade) else {
            return .refuse(
                status: 426,
                headers: [(name: "Upgrade", value: "websocket")],
                reason: "this is a WebSocket endpoint: the request asks for no upgrade to websocket"
            )
        }
        guard HeaderList.contains("upgrade", in: request.connection) else {
            return bad("Connection does not name Upgrade")
        }
        guard request.method == "GET" else { return bad("the method of an upgrade is GET") }
        guard request.isHTTP11 else { return bad("an upgrade needs HTTP/1.1") }
        guard let version = request.version else { return bad("Sec-WebSocket-Version is missing") }
        guard version == Handshake.version else {
            return .refuse(
                status: 426,
                headers: [
                    (name: "Upgrade", value: "websocket"),
                    (name: "Sec-WebSocket-Version", value: Handshake.version),
                ],
                reason: "only version \(Handshake.version) of the protocol is spoken here"
            )
        }
        guard let key = request.key, Handshake.isKey(key) else {
            return bad("Sec-WebSocket-Key is not 16 bytes in base64, given once")
        }
        var extensions: [WireExtension] = []
        if let value = request.extensions {
            guard let list = WireExtension.list(value) else { return bad("Sec-WebSocket-Extensions is malformed") }
            extensions = list
        }
        var protocols: [String] = []
        if let value = request.protocols {
            guard let tokens = HeaderList.tokens(value) else { return bad("Sec-WebSocket-Protocol is malformed") }
            protocols = tokens
        }
        return accept(key: key, protocols: protocols, extensions: extensions)
    }

    private func accept(key: String, protocols: [String], extensions: [WireExtension]) -> Verdict {
        var headers = [
            (name: "Upgrade", value: "websocket"), (name: "Connection", value: "Upgrade"),
            (name: "Sec-WebSocket-Accept", value: Handshake.accept(key: key)),
        ]
        let subprotocol = protocols.first { subprotocols.contains($0) }
        if let subprotocol { headers.append((name: "Sec-WebSocket-Protocol", value: subprotocol)) }
        let agreement = deflate.flatMap { DeflateNegotiation.answer(extensions, $0) }
        if let agreement {
            headers.append((name: "Sec-WebSocket-Extensions", value: agreement.answer.headerValue))
        }
        return .accept(headers: headers, subprotocol: subprotocol, deflate: agreement?.parameters)
    }

    private func bad(_ reason: String) -> Verdict { .refuse(status: 400, headers: [], reason: reason) }
}
