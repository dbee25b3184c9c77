/// What a server answers to a request for a WebSocket, as far as the handshake looks at it.
///
/// A header that stands more than once is given as one value, joined with commas.
package struct UpgradeResponse: Sendable {
    package var status: Int
    package var upgrade: String?
    package var connection: String?
    /// `Sec-WebSocket-Accept`.
    package var accept: String?
    /// `Sec-WebSocket-Protocol`.
    package var subprotocol: String?
    /// `Sec-WebSocket-Extensions`.
    package var extensions: String?

    package init(
        status: Int,
        upgrade: String? = nil,
        connection: String? = nil,
        accept: String? = nil,
        subprotocol: String? = nil,
        extensions: String? = nil
    ) {
        self.status = status
        self.upgrade = upgrade
        self.connection = connection
        self.accept = accept
        self.subprotocol = subprotocol
        self.extensions = extensions
    }
}
