package import CLinux

/// A byte stream that is open: a socket, or a simulation of one.
///
/// Closes in its `deinit`, once. Never blocks; interruptions (`EINTR`) are tried again inside and seen by nobody.
package protocol Transport: ~Copyable {
    /// How the stream is named before anybody owns it.
    associatedtype Endpoint: ReactorEndpoint

    /// Takes ownership.
    init(_ endpoint: Endpoint)

    /// Reads once, as much as is there and fits.
    mutating func receive(into buffer: UnsafeMutableRawBufferPointer) -> IOResult

    /// Writes once (`MSG_NOSIGNAL`); part of the bytes is `.bytes` too.
    mutating func send(_ vectors: UnsafeBufferPointer<iovec>) -> IOResult

    /// Reads once and keeps nothing (`MSG_TRUNC`).
    /// - Parameter count: bytes; at most 64 KiB are taken in one call.
    mutating func discard(upTo count: Int) -> IOResult

    /// Sends FIN after what was written.
    mutating func shutdownWrite()

    /// Lets the closing that follows send RST (`SO_LINGER` with a time of 0).
    mutating func reset()

    /// What became of connecting, once the stream is writable: nil is success (`SO_ERROR`).
    mutating func finishConnect() -> Errno?

    /// What the poller knows the stream by.
    var descriptor: Int32 { get }

    /// Asked of the kernel on each call; nil when the peer is gone.
    var peer: PeerAddress? { get }
}

/// A stream between the kernel and its owner: just accepted, or on its way from one loop to another.
package protocol ReactorEndpoint: Sendable {
    /// Closes what nobody will adopt.
    func close()
}
