package import CLinux

/// A connected socket. With the listeners' files, the only place that makes a system call on one.
package struct Socket: Transport, ~Copyable {
    package let descriptor: Int32

    package init(_ endpoint: DescriptorEndpoint) { descriptor = endpoint.descriptor }

    deinit { endpoint.close() }

    private var endpoint: DescriptorEndpoint { DescriptorEndpoint(descriptor: descriptor) }

    package mutating func receive(into buffer: UnsafeMutableRawBufferPointer) -> IOResult {
        result { unsafe recv(descriptor, buffer.baseAddress, buffer.count, 0) }
    }

    package mutating func send(_ vectors: UnsafeBufferPointer<iovec>) -> IOResult {
        guard let first = vectors.baseAddress else { return .wouldBlock }
        return result { unsafe cl_send(descriptor, first, Int32(vectors.count)) }
    }

    package mutating func discard(upTo count: Int) -> IOResult {
        result { cl_discard(descriptor, count) }
    }

    package mutating func shutdownWrite() {
        // A failure means that the peer is gone, which the next read says as well.
        _ = shutdown(descriptor, Int32(SHUT_WR))
    }

    package mutating func reset() { _ = cl_reset_on_close(descriptor) }

    package mutating func finishConnect() -> Errno? {
        let code = cl_pending_error(descriptor)
        return code == 0 ? nil : Errno(code: code)
    }

    package var peer: PeerAddress? {
        let descriptor = descriptor
        guard let address = unsafe try? SocketAddress(filledBy: { unsafe getpeername(descriptor, $0, $1) }) else {
            return nil
        }
        if let ip = address.ip { return PeerAddress(ip, port: address.port) }
        return PeerAddress(description: address.description)
    }

    /// Sorts the four things that a call can mean; errno is asked only after -1.
    @inline(__always)
    private func result(_ call: () -> Int) -> IOResult {
        while true {
            let count = call()
            if count > 0 { return .bytes(count) }
            if count == 0 { return .end }
            let error = Errno.last
            if error.isInterruption { continue }
            return error.isWouldBlock ? .wouldBlock : .failed(error)
        }
    }
}

extension Socket {
    borrowing func set(_ level: Int32, _ name: Int32, _ value: Int32) throws(Errno) {
        if cl_set_option(descriptor, level, name, value) != 0 { throw Errno.last }
    }

    /// What accepted sockets inherit from their listener, so that no connection costs a call for it. No
    /// TCP_USER_TIMEOUT: it kills live clients that never read.
    borrowing func setInheritedOptions() throws(Errno) {
        let tcp = Int32(IPPROTO_TCP)
        try set(tcp, TCP_NODELAY, 1)
        try set(SOL_SOCKET, SO_KEEPALIVE, 1)
        try set(tcp, TCP_KEEPIDLE, 60)
        try set(tcp, TCP_KEEPINTVL, 15)
        try set(tcp, TCP_KEEPCNT, 4)
    }

    borrowing func localAddress() throws(Errno) -> SocketAddress {
        let descriptor = descriptor
        return unsafe try SocketAddress(filledBy: { unsafe getsockname(descriptor, $0, $1) })
    }

    /// Gives the descriptor away unclosed.
    consuming func release() -> Int32 {
        let descriptor = descriptor
        discard self
        return descriptor
    }
}
