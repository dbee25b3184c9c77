package import LogPipeline
package import Reactor
package import WebSocketWire

/// What the gateway does with connections. Times are nanoseconds, sizes are bytes.
package struct GatewayConfiguration: Sendable {
    package var routes: [LogRoute]
    /// How long TCP, and later TLS, may take until the upgrade is complete (`handshake_timeout`).
    package var handshakeTimeout: UInt64 = 10 * second
    /// The largest request head that is read (`max_header_bytes`).
    package var maxHeaderBytes = 16 * 1024
    /// Nothing heard for this long ends a connection (`idle_timeout`).
    package var idleTimeout: UInt64 = 90 * second
    /// How long connections of routes that are gone may be open; 0 is for ever (`max_connection_age` of the top level).
    package var maxAge: UInt64 = 0
    /// A message that is not whole after this time ends its connection with 1008 (`message_timeout`).
    package var messageTimeout: UInt64 = 30 * second
    /// What messages that are not yet whole may occupy in all loops together (`max_partial`).
    package var maxPartial = 64 * 1024 * 1024
    /// How many WebSocket connections may be open at once; 0: as many as the limit of open files leaves room for
    /// (`max_connections`).
    package var maxConnections = 0
    /// How many connections of any kind may be open at once; 0 is no bound.
    package var maxSockets = 0
    /// How many connections of one address may be open before their upgrade; 0 is no bound (`handshakes_per_address`).
    package var handshakesPerAddress = 1024
    /// Who may say, in X-Forwarded-For or in a PROXY header, for whom it speaks (`trusted_proxies`).
    package var trustedProxies: [IPRange] = []
    /// Who may come in, and how much.
    package var admission = AdmissionTable()
    /// What is wanted of permessage-deflate; nil offers none (`compression`).
    package var compression: DeflateSettings?
    /// A connection that has sent no compressed message for this long gives the memory of its inflater back
    /// (`compression_idle`); 0 keeps it.
    package var compressionIdle: UInt64 = 10 * second
    /// Whether what is settled is stored by all in-sync replicas, so that `sluice.v1` can be offered.
    package var acknowledges = true
    /// How long a session is remembered after its connection has ended (`session_timeout`).
    package var sessionTimeout: UInt64 = 300 * second
    /// How many sessions are remembered (`max_sessions`).
    package var maxSessions = 100_000
    /// What dead letters may occupy in all loops together.
    package var deadLetterBytes = 4 << 20
    /// How a loop's arenas are cut.
    package var writer = LogWriterConfiguration()

    package init(routes: [LogRoute]) {
        self.routes = routes
    }
}

/// Bytes that one read of a socket can bring. With half of it, what the kernel does for a log takes a third more when
/// clients send faster than they are read; with twice as much, no less.
package let readSize = 128 * 1024

/// One second in nanoseconds.
let second: UInt64 = 1_000_000_000
/// One millisecond in nanoseconds.
let millisecond: UInt64 = 1_000_000
