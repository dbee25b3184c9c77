/// Why a server's answer opens no WebSocket (RFC 6455 section 4.1).
package enum ClientHandshakeError: Error, Equatable {
    /// The server answered with something else than 101.
    case refused(status: Int)
    /// `Upgrade` or `Connection` does not say what it must.
    case notAnUpgrade
    /// Whoever answered did not understand the key.
    case wrongAccept
    /// The server uses an extension that was not offered.
    case extensionNotOffered
    /// The server's terms of an extension that was offered are malformed, or go beyond the offer.
    case extensionRefused
    /// The server speaks a subprotocol that was not asked for.
    case subprotocolNotOffered
}
