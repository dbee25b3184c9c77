internal import Crypto

/// The client's side of the opening handshake (RFC 6455 section 4.1).
package struct ClientHandshake: Sendable {
    /// `Sec-WebSocket-Key` of this connection.
    package let key: String
    private let subprotocols: [String]
    private let deflate: DeflateTerms?

    /// - Parameters:
    ///   - key: 16 bytes in base64 that were never used before, see `makeKey`.
    ///   - subprotocols: What the client offers, best first.
    ///   - deflate: The terms on which it offers permessage-deflate, if it does.
    package init(key: String, subprotocols: [String] = [], deflate: DeflateTerms? = nil) {
        self.key = key
        self.subprotocols = subprotocols
        self.deflate = deflate
    }

    /// What a right answer agrees on.
    package struct Agreement: Sendable, Equatable {
        package let subprotocol: String?
        /// Nil when messages are not to be compressed.
        package let deflate: DeflateParameters?
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
        if let deflate { headers.append((name: "Sec-WebSocket-Extensions", value: deflate.headerValue)) }
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
    /// - Throws: what is wrong with the answer; then the connection must not be used.
    package func check(_ response: UpgradeResponse) throws(ClientHandshakeError) -> Agreement {
        guard response.status == 101 else { throw .refused(status: response.status) }
        guard response.upgrade?.lowercased() == "websocket",
            HeaderList.contains("upgrade", in: response.connection)
        else { throw .notAnUpgrade }
        guard response.accept == Handshake.accept(key: key) else { throw .wrongAccept }
        let agreed = try checkExtensions(response.extensions)
        let subprotocol = response.subprotocol
        if let subprotocol, !subprotocols.contains(subprotocol) { throw .subprotocolNotOffered }
        return Agreement(subprotocol: subprotocol, deflate: agreed)
    }

    private func checkExtensions(_ value: String?) throws(ClientHandshakeError) -> DeflateParameters? {
        guard let value else { return nil }
        guard let deflate else { throw .extensionNotOffered }
        guard let list = WireExtension.list(value) else { throw .extensionRefused }
        guard list.allSatisfy({ $0.name == DeflateTerms.name }) else { throw .extensionNotOffered }
        guard list.count == 1, let answer = DeflateTerms(list[0].parameters),
            let agreed = DeflateNegotiation.read(answer, to: deflate)
        else { throw .extensionRefused }
        return agreed
    }
}
