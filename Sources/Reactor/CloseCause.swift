/// Why a connection ended.
package enum CloseCause: Sendable, Equatable {
    /// Closed by its owner; everything written was handed to the kernel before the FIN.
    case finished
    /// The peer had finished sending and then went away altogether.
    case peerClosed
    /// The peer sent RST, or was gone when we wrote.
    case reset
    /// Something else broke it: keep-alive found nobody (ETIMEDOUT), no route.
    case failed(Errno)
    /// An outgoing connection was not made.
    case connectFailed(Errno)
    /// Cut by its owner.
    case aborted
    /// Closing took too long: the peer did not read what was left, or did not stop sending.
    case lingerTimeout
    /// TLS was not agreed on, or what came was no TLS.
    case tlsFailed
    /// It came from no trusted proxy, or did not begin with a PROXY header.
    case proxyRefused

    init(_ error: Errno) {
        self = error.isReset ? .reset : .failed(error)
    }
}
