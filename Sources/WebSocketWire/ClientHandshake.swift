internal import Crypto

/// The client's side of the opening handshake (RFC 6455 section 4.1).
package struct ClientHandshake: Sendable {
    /// `Sec-WebSocket-Key` of this connection.
    package let key: String
    private let subprotocols: [String]

    /// - Parameters:
    ///   - key: 16 bytes in base64 that were never used before, see `makeKey`.
    ///   - subprotocols: What the client offers, best first.
    package init(key: String, subprotocols: [String] = []) {
        self.key = key
        self.subprotocols = subprotocols
    }

    /// A new key, or nil when the system has no random bytes to give.
    package static func makeKey() -> String? {
        guard let bytes = try? SecureRandom.bytes(16) else { return nil }
        return Base64.encode(bytes)
    }

    /// What the request carries beside its target and `Host`.
    package var headers: [(name: String, value: String)] {
        var headers = [
            (name: "Upgrade", value: "websocket"), (name: "Connection", value: "Upgrade"),
            (name: "Sec-WebSocket-Key", value: key), (name: "Sec-WebSocket-Version", value: Handshake.version),
        ]
        if !subprotocols.isEmpty {
            headers.append((name: "Sec-WebSocket-Protocol", value: subprotocols.joined(separator: ", ")))
        }
        return headers
    }

    /// The whole request, with its empty line.
    ///
    /// - Parameters:
    ///   - target: Path and query.
    ///   - host: Name and, where it is not the scheme's own, port.
    ///   - further: Headers such as `Authorization`.
    package func request(
        target: String,
        host: String,
        further: [(name: String, value: String)] = []
    ) -> String {
        let fields = [(name: "Host", value: host)] + headers + further
        let lines = fields.map { "\($0.name): \($0.value)\r\n" }.joined()
        return "GET \(target) HTTP/1.1\r\n\(lines)\r\n"
    }

    /// Decides on the answer.
    ///
    /// - Returns: the subprotocol agreed on, if any.
    /// - Throws: what is wrong with the answer; then the connection must not be used.
    package func check(_ response: UpgradeResponse) throws(ClientHandshakeError) -> String? {
        guard response.status == 101 else { throw .refused(status: response.status) }
        guard response.upgrade?.lowercased() == "websocket",
            HeaderList.contains("upgrade", in: response.connection)
        else { throw .notAnUpgrade }
        guard response.accept == Handshake.accept(key: key) else { throw .wrongAccept }
        guard response.extensions == nil else { throw .extensionNotOffered }
        let subprotocol = response.subprotocol
        if let subprotocol, !subprotocols.contains(subprotocol) { throw .subprotocolNotOffered }
        return subprotocol
    }
}
