internal import CLinux

/// A socket that listens. Closes in its `deinit`.
package struct Listener: ~Copyable, Sendable {
    let descriptor: Int32
    /// With the port that the kernel chose when 0 was asked for.
    package let boundAddress: ListenAddress
    /// Whether other loops may hold the same socket: a duplicate, or handed over by systemd.
    let isShared: Bool
    private let ownsDescriptor: Bool
    private let unlinks: Bool

    private init(
        descriptor: Int32,
        boundAddress: ListenAddress,
        isShared: Bool,
        ownsDescriptor: Bool = true,
        unlinks: Bool = false
    ) {
        self.descriptor = descriptor
        self.boundAddress = boundAddress
        self.isShared = isShared
        self.ownsDescriptor = ownsDescriptor
        self.unlinks = unlinks
    }

    /// One that somebody else closes: a simulation's.
    package init(unowned descriptor: Int32, address: ListenAddress) {
        self.init(descriptor: descriptor, boundAddress: address, isShared: false, ownsDescriptor: false)
    }

    deinit {
        guard ownsDescriptor else { return }
        if unlinks, case .unix(let path) = boundAddress { unsafe unlink(path) }
        close(descriptor)
    }

    /// Binds and listens.
    ///
    /// A name with several addresses is bound at its first IPv4 one. An IPv6 address takes IPv4 as well where it
    /// covers it (`[::]`). A unix socket that nobody answers on any more is replaced.
    ///
    /// - Parameters:
    ///   - reusePort: for one listener per loop (`SO_REUSEPORT`). It also lets another process of the same user
    ///     bind the same port unnoticed: `probe` first.
    ///   - backlog: connections waiting to be accepted; the kernel cuts it at `net.core.somaxconn`.
    package static func bind(
        _ address: ListenAddress,
        reusePort: Bool = false,
        backlog: Int32 = 4096
    ) throws(ListenerError) -> Listener {
        if case .unix(let path) = address { return try bind(unixPath: path, at: address, backlog: backlog) }
        var failure = ListenerError.Cause.unresolved("no address")
        for candidate in try candidates(of: address) {
            do throws(Errno) {
                return try bind(candidate, at: address, reusePort: reusePort, backlog: backlog)
            } catch {
                failure = .refused(error)
                // Only a kernel without IPv6 is a reason to try the next one.
                guard error.code == EAFNOSUPPORT else { break }
            }
        }
        throw ListenerError(address: address, cause: failure)
    }

    /// Whether somebody listens there already, which `reusePort` would hide.
    package static func probe(_ address: ListenAddress) throws(ListenerError) {
        if case .unix = address { return }
        if address.port == 0 { return }
        _ = try bind(address, reusePort: false, backlog: 1)
    }

    /// The same socket, for another loop, where several sockets on one address are impossible.
    package borrowing func duplicate() throws(Errno) -> Listener {
        let copy = cl_duplicate(descriptor)
        guard copy >= 0 else { throw Errno.last }
        return Listener(descriptor: copy, boundAddress: boundAddress, isShared: true)
    }

    /// Takes over a descriptor that listens.
    static func adopt(_ descriptor: Int32, at address: ListenAddress) -> Listener {
        Listener(descriptor: descriptor, boundAddress: address, isShared: true)
    }

    private static func candidates(of address: ListenAddress) throws(ListenerError) -> [SocketAddress] {
        do throws(ResolveError) {
            switch address {
            case .any(let port):
                return try SocketAddress.resolve(host: "::", port: port, numericOnly: true)
                    + SocketAddress.resolve(host: "0.0.0.0", port: port, numericOnly: true)
            case .host(let host, let port):
                let found = try SocketAddress.resolve(host: host, port: port)
                return found.filter { $0.family == AF_INET } + found.filter { $0.family != AF_INET }
            case .unix:
                return []
            }
        } catch {
            throw ListenerError(address: address, cause: .unresolved(error.description))
        }
    }

    private static func bind(
        _ candidate: SocketAddress,
        at address: ListenAddress,
        reusePort: Bool,
        backlog: Int32
    ) throws(Errno) -> Listener {
        let descriptor = cl_stream_socket(candidate.family)
        guard descriptor >= 0 else { throw Errno.last }
        // From here on the descriptor has an owner, whatever step fails.
        let socket = Socket(DescriptorEndpoint(descriptor: descriptor))
        try socket.set(SOL_SOCKET, SO_REUSEADDR, 1)
        if reusePort { try socket.set(SOL_SOCKET, SO_REUSEPORT, 1) }
        if candidate.family == AF_INET6 { try socket.set(Int32(IPPROTO_IPV6), IPV6_V6ONLY, 0) }
        try socket.setInheritedOptions()
        guard candidate.bind(descriptor) == 0, listen(descriptor, backlog) == 0 else { throw Errno.last }
        let port = try socket.localAddress().port
        let actual: ListenAddress =
            switch address {
            case .any: .any(port: port)
            case .host(let host, _): .host(host, port: port)
            case .unix: address
            }
        return Listener(descriptor: socket.release(), boundAddress: actual, isShared: false)
    }

    private static func bind(
        unixPath path: String,
        at address: ListenAddress,
        backlog: Int32
    ) throws(ListenerError) -> Listener {
        guard let place = SocketAddress(path: path) else {
            throw ListenerError(address: address, cause: .refused(Errno(code: ENAMETOOLONG)))
        }
        do throws(Errno) {
            try removeStale(place, path: path)
            let descriptor = cl_stream_socket(AF_UNIX)
            guard descriptor >= 0 else { throw Errno.last }
            let socket = Socket(DescriptorEndpoint(descriptor: descriptor))
            guard place.bind(descriptor) == 0, listen(descriptor, backlog) == 0 else { throw Errno.last }
            return Listener(descriptor: socket.release(), boundAddress: address, isShared: false, unlinks: true)
        } catch {
            throw ListenerError(address: address, cause: .refused(error))
        }
    }

    /// Removes a socket that its process left behind: one that refuses connections. Anything else stays.
    private static func removeStale(_ place: SocketAddress, path: String) throws(Errno) {
        let descriptor = cl_stream_socket(AF_UNIX)
        guard descriptor >= 0 else { throw Errno.last }
        let probe = Socket(DescriptorEndpoint(descriptor: descriptor))
        if place.connect(probe.descriptor) == 0 { throw Errno.addressInUse }
        if Errno.last == .connectionRefused, unsafe cl_is_socket(path) != 0 { unsafe unlink(path) }
    }
}

/// Carries one listener into the thread of its loop: a closure cannot give away what it has captured.
package final class ListenerBox: Sendable {
    private let listener: Locked<Listener?>

    package init(_ listener: consuming sending Listener) { self.listener = Locked(listener) }

    /// The listener, the first time.
    package func take() -> Listener? { listener.withLock { $0.take() } }
}
