/// What a request for a WebSocket says, as far as the handshake looks at it.
///
/// A header that stands more than once is given as one value, joined with commas (RFC 9110 section 5.3): then what
/// may stand only once no longer has the form that is demanded.
package struct UpgradeRequest: Sendable {
    package var method: String
    /// Whether it is an HTTP/1.1 request: HTTP/1.0 knows no upgrade.
    package var isHTTP11: Bool
    package var upgrade: String?
    package var connection: String?
    /// `Sec-WebSocket-Key`.
    package var key: String?
    /// `Sec-WebSocket-Version`.
    package var version: String?
    /// `Sec-WebSocket-Protocol`.
    package var protocols: String?
    /// `Sec-WebSocket-Extensions`.
    package var extensions: String?

    package init(
        method: String,
        isHTTP11: Bool,
        upgrade: String? = nil,
        connection: String? = nil,
        key: String? = nil,
        version: String? = nil,
        protocols: String? = nil,
        extensions: String? = nil
    ) {
        self.method = method
        self.isHTTP11 = isHTTP11
        self.upgrade = upgrade
        self.connection = connection
        self.key = key
        self.version = version
        self.protocols = protocols
        self.extensions = extensions
    }
}
