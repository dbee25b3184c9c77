/// What a loop has counted since it began. Plain numbers of one thread; copy them to read them elsewhere.
package struct LoopCounters: Sendable, Equatable {
    /// Connections accepted here or handed over to here.
    package var accepted = 0
    /// Connections accepted here and handed to an emptier loop.
    package var handedOver = 0
    /// Connections whose peer sent RST or was gone when written to (`sluice_connections_reset_total`).
    package var resets = 0
    /// Attempts to accept, or to set up what was accepted, that failed.
    package var acceptFailures = 0
    /// Times the listeners were disarmed because descriptors or memory had run out.
    package var acceptsPaused = 0
    /// Clients answered with a close by the reserve descriptor meanwhile.
    package var shed = 0
    /// The last reason for that, until accepting works again.
    package var acceptError: Errno?
    /// TLS handshakes that were completed.
    package var tlsHandshakes = 0
    /// Connections that ended with `tlsFailed`.
    package var tlsFailures = 0
    /// Connections that ended with `proxyRefused`.
    package var proxyRefusals = 0
    /// Events for connections that had ended before.
    package var staleEvents = 0
    /// Times the poller was waited for.
    package var ticks = 0

    package init() {}
}

/// How much a loop does at a time, and how long it waits for a peer to leave.
package struct LoopLimits: Sendable {
    /// Connections accepted per listener and wake-up.
    package var acceptsPerTick = 16
    /// The same where TLS is spoken: no more than handshakes can be done in that time, so that the others wait with
    /// the kernel.
    package var secureAcceptsPerTick = 4
    /// Nanoseconds after which a tick begins no other handshake's step. It ends them sooner when they have taken half as
    /// long as everything else in the tick, one signature being always made.
    package var handshakeTime: UInt64 = 2_000_000
    /// Handshakes waiting for their turn from which on listeners with TLS rest, until half are left.
    package var waitingHandshakes = 256
    /// Bytes thrown away per closing connection and tick.
    package var discardPerTick = 64 * 1024
    /// Nanoseconds a closing connection has until its peer has read what was still queued.
    package var flushTimeout: UInt64 = 10_000_000_000
    /// Nanoseconds a closed connection's peer has to close too.
    package var lingerTimeout: UInt64 = 2_000_000_000
    /// Queued bytes of a connection from which on `writable` will be said...
    package var highMark = 64 * 1024
    /// ...once no more than so many are left.
    package var lowMark = 16 * 1024
    /// Whether sleeps end within microseconds of a timer's time: for who measures.
    package var hasPreciseTimers = false

    package init() {}
}
