/// What the server wants of permessage-deflate (RFC 7692).
package struct DeflateSettings: Sendable, Equatable {
    /// 9 to 15: asked of a client that offers `client_max_window_bits`. What it costs to inflate one connection.
    package var clientWindowBits = 12
    /// False asks for `client_no_context_takeover`.
    package var clientContextTakeover = true
    /// False answers `server_no_context_takeover`: replies of all connections then share one `Deflater`.
    package var serverContextTakeover = false
    /// zlib's level of replies, 1 to 9.
    package var level = 1
    /// zlib's memLevel of replies, 1 to 9.
    package var memoryLevel = 8

    package init() {}
}
