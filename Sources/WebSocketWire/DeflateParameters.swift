/// How messages are compressed on one connection: what both sides of the handshake agreed on.
package struct DeflateParameters: Sendable, Equatable, BitwiseCopyable {
    /// 8 to 15: the client's messages refer no further back than 2 to the power of this.
    package var clientWindowBits: Int
    /// Whether the client's messages may refer to its messages before.
    package var clientKeepsContext: Bool
    /// 8 to 15: the same for the server's messages.
    package var serverWindowBits: Int
    package var serverKeepsContext: Bool

    package init(clientWindowBits: Int, clientKeepsContext: Bool, serverWindowBits: Int, serverKeepsContext: Bool) {
        self.clientWindowBits = clientWindowBits
        self.clientKeepsContext = clientKeepsContext
        self.serverWindowBits = serverWindowBits
        self.serverKeepsContext = serverKeepsContext
    }

    /// Whether the server may compress what it sends: zlib makes no window of 8 bits, so that a client which asks for
    /// one gets everything uncompressed (RFC 7692 section 6 leaves that open for each message).
    package var serverMayCompress: Bool { serverWindowBits >= 9 }
}
