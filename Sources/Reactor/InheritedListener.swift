internal import CLinux

/// A listening socket that the process was started with: systemd's socket activation (sd_listen_fds(3)).
///
/// Its queue outlives the process, so a restart loses no connection.
package struct InheritedListener: Sendable, Hashable {
    package let address: ListenAddress
    /// What the unit calls it (`FileDescriptorName=`), if anything.
    package let name: String?
    private let descriptor: Int32

    /// The sockets named by `LISTEN_FDS`, if `LISTEN_PID` names this process. They are made non-blocking and closed on
    /// exec; what is no listening stream socket is left out.
    package static func all() -> [InheritedListener] {
        let count = count(
            pid: environment("LISTEN_PID"),
            descriptors: environment("LISTEN_FDS"),
            own: getpid()
        )
        let names = (environment("LISTEN_FDNAMES") ?? "").split(separator: ":", omittingEmptySubsequences: false)
        return (0..<count).compactMap { index in
            InheritedListener(descriptor: 3 + Int32(index), name: index < names.count ? String(names[index]) : nil)
        }
    }

    /// How many descriptors, from 3 on, the variables promise.
    static func count(pid: String?, descriptors: String?, own: Int32) -> Int {
        guard let pid, Int32(pid) == own, let descriptors, let count = Int(descriptors) else { return 0 }
        return max(0, min(count, 1024))
    }

    init?(descriptor: Int32, name: String? = nil) {
        var listens: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        guard unsafe getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listens, &length) == 0, listens != 0,
            cl_prepare_inherited(descriptor) == 0,
            let bound = unsafe try? SocketAddress(filledBy: { unsafe getsockname(descriptor, $0, $1) })
        else { return nil }
        self.descriptor = descriptor
        self.name = name
        address = bound.family == AF_UNIX ? .unix(path: bound.host) : .host(bound.host, port: bound.port)
    }

    /// Whether this is the socket that a configured address means: the same port, and the same host or any.
    package func serves(_ configured: ListenAddress) -> Bool {
        switch (configured, address) {
        case (.unix(let wanted), .unix(let path)): wanted == path
        case (.any(let wanted), .host(let host, let port)): wanted == port && (host == "::" || host == "0.0.0.0")
        case (.host(let wanted, let wantedPort), .host(let host, let port)):
            wantedPort == port
                && ((try? SocketAddress.resolve(host: wanted, port: port).contains { $0.host == host }) ?? false)
        default: false
        }
    }

    /// A listener on it; each loop takes one of its own.
    package func listener() throws(Errno) -> Listener {
        let copy = cl_duplicate(descriptor)
        guard copy >= 0 else { throw Errno.last }
        return Listener.adopt(copy, at: address)
    }

    private static func environment(_ name: String) -> String? {
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }
}
