/// Decides on requests for a WebSocket (RFC 6455 sections 4.2 and 4.4).
///
/// Extensions are offers: as none is known here, none is taken up. RFC 7692 will be negotiated in `accept`.
package struct ServerHandshake: Sendable {
    package enum Verdict: Sendable {
        /// Answer 101 with these headers; `subprotocol` is the one agreed on, if any.
        case accept(headers: [(name: String, value: String)], subprotocol: String?)
        /// Answer `status` (400 or 426) with these headers, beside `Connection`, which is for whoever writes the
        /// answer to decide.
        case refuse(status: Int, headers: [(name: String, value: String)], reason: String)
    }

    private let subprotocols: [String]

    /// - Parameter subprotocols: Names of what the server speaks. Of a client's offers the first one that is among
    ///   them is taken: the order is the client's wish (section 4.1).
    package init(subprotocols: [String] = []) { self.subprotocols = subprotocols }

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
        if let extensions = request.extensions, !HeaderList.isExtensionList(extensions) {
            return bad("Sec-WebSocket-Extensions is malformed")
        }
        guard let protocols = request.protocols else { return accept(key: key, offers: []) }
        guard let offers = HeaderList.tokens(protocols) else { return bad("Sec-WebSocket-Protocol is malformed") }
        return accept(key: key, offers: offers)
    }

    private func accept(key: String, offers: [String]) -> Verdict {
        var headers = [
            (name: "Upgrade", value: "websocket"), (name: "Connection", value: "Upgrade"),
            (name: "Sec-WebSocket-Accept", value: Handshake.accept(key: key)),
        ]
        let subprotocol = offers.first { subprotocols.contains($0) }
        if let subprotocol { headers.append((name: "Sec-WebSocket-Protocol", value: subprotocol)) }
        return .accept(headers: headers, subprotocol: subprotocol)
    }

    private func bad(_ reason: String) -> Verdict { .refuse(status: 400, headers: [], reason: reason) }
}
