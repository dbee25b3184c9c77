internal import CLinux

extension EpollPoller {
    package mutating func accept(from listener: Int32) -> AcceptResult<DescriptorEndpoint> {
        while true {
            let descriptor = cl_accept(listener)
            if descriptor >= 0 { return .accepted(DescriptorEndpoint(descriptor: descriptor)) }
            let error = Errno.last
            if error.isInterruption { continue }
            return Self.verdict(on: error)
        }
    }

    /// accept(2): errors of the network are those of one connection; anything unknown must not be tried in a circle.
    static func verdict(on error: Errno) -> AcceptResult<DescriptorEndpoint> {
        switch error.code {
        case EAGAIN, EWOULDBLOCK: .wouldBlock
        case ECONNABORTED, EPROTO, ENETDOWN, ENOPROTOOPT, EHOSTDOWN, ENONET, EHOSTUNREACH, EOPNOTSUPP, ENETUNREACH,
            EPERM, ETIMEDOUT:
            .skipped(error)
        default: .exhausted(error)
        }
    }

    package mutating func shed(from listener: Int32, atMost limit: Int) -> Int {
        guard reserve >= 0 else {
            reserve = cl_reserve()
            return 0
        }
        close(reserve)
        var count = 0
        while count < limit, case .accepted(let endpoint) = accept(from: listener) {
            endpoint.close()
            count += 1
        }
        // Another thread may have been faster; then this is tried again when descriptors next run out.
        reserve = cl_reserve()
        return count
    }

    package mutating func connect(
        to address: SocketAddress,
        from source: SocketAddress?
    ) throws(Errno) -> DescriptorEndpoint {
        let descriptor = cl_stream_socket(address.family)
        guard descriptor >= 0 else { throw Errno.last }
        let socket = Socket(DescriptorEndpoint(descriptor: descriptor))
        if address.family != AF_UNIX { try socket.setInheritedOptions() }
        if let source {
            // Else the kernel reserves a port per source address at once, and 28,000 connections are all there are.
            if source.family != AF_UNIX, source.port == 0 {
                try socket.set(Int32(IPPROTO_IP), IP_BIND_ADDRESS_NO_PORT, 1)
            }
            guard source.bind(descriptor) == 0 else { throw Errno.last }
        }
        // An interrupted connect goes on by itself, like one in progress.
        if address.connect(descriptor) != 0 {
            let error = Errno.last
            guard error.code == EINPROGRESS || error.isInterruption else { throw error }
        }
        return DescriptorEndpoint(descriptor: socket.release())
    }
}
