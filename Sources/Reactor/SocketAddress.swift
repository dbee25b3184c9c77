internal import CLinux

/// Where a socket is or goes: IPv4, IPv6 or a unix path, as the kernel takes it.
@safe package struct SocketAddress: Sendable, CustomStringConvertible {
    private var storage: sockaddr_storage
    private var length: socklen_t

    /// What a call of the kernel fills in.
    init(filledBy call: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32) throws(Errno) {
        storage = sockaddr_storage()
        length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let code = unsafe withUnsafeMutablePointer(to: &storage) { storage in
            unsafe storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe withUnsafeMutablePointer(to: &length) { unsafe call(address, $0) }
            }
        }
        if code != 0 { throw Errno.last }
    }

    init(copying address: UnsafePointer<sockaddr>, length: socklen_t) {
        storage = sockaddr_storage()
        self.length = length
        unsafe withUnsafeMutableBytes(of: &storage) { storage in
            unsafe storage.copyMemory(from: UnsafeRawBufferPointer(start: address, count: Int(length)))
        }
    }

    /// A unix socket's path.
    /// - Returns: nil when it is longer than the 107 bytes that the kernel takes.
    package init?(path: String) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard !bytes.isEmpty, bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        storage = sockaddr_storage()
        length = socklen_t(MemoryLayout<sockaddr_un>.size)
        unsafe withUnsafeMutableBytes(of: &storage) { storage in
            unsafe withUnsafeBytes(of: &address) { unsafe storage.copyMemory(from: $0) }
        }
    }

    /// Every address that a name or number has for a port. Asks the resolver, so it may block: not on a loop.
    ///
    /// - Parameters:
    ///   - host: a name or number; nil is this machine as a client would reach it.
    ///   - numericOnly: no questions to the resolver.
    package static func resolve(
        host: String?,
        port: UInt16,
        numericOnly: Bool = false
    ) throws(ResolveError) -> [SocketAddress] {
        var found: UnsafeMutablePointer<addrinfo>?
        let code = unsafe cl_resolve(host, String(port), numericOnly ? 1 : 0, 0, &found)
        guard code == 0 else {
            throw ResolveError(host: host ?? "", reason: unsafe String(cString: gai_strerror(code)))
        }
        defer { unsafe freeaddrinfo(found) }
        var addresses: [SocketAddress] = []
        var next = unsafe found
        while let entry = unsafe next {
            if let address = unsafe entry.pointee.ai_addr {
                unsafe addresses.append(SocketAddress(copying: address, length: entry.pointee.ai_addrlen))
            }
            unsafe next = entry.pointee.ai_next
        }
        return addresses
    }

    /// AF_INET, AF_INET6 or AF_UNIX.
    package var family: Int32 { Int32(storage.ss_family) }

    /// 0 for a unix path.
    package var port: UInt16 {
        switch family {
        case AF_INET: read(as: sockaddr_in.self) { UInt16(bigEndian: $0.sin_port) }
        case AF_INET6: read(as: sockaddr_in6.self) { UInt16(bigEndian: $0.sin6_port) }
        default: 0
        }
    }

    /// nil for a unix path.
    package var ip: IPAddress? {
        switch family {
        case AF_INET: read(as: sockaddr_in.self) { IPAddress(v4: UInt32(bigEndian: $0.sin_addr.s_addr)) }
        case AF_INET6:
            read(as: sockaddr_in6.self) { address in
                unsafe withUnsafeBytes(of: address.sin6_addr) { unsafe IPAddress(networkBytes: $0) }
            }
        default: nil
        }
    }

    /// The number without port, or the path.
    package var host: String {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { text in
            switch family {
            case AF_INET:
                return read(as: sockaddr_in.self) { address in
                    var number = address.sin_addr
                    return unsafe inet_ntop(AF_INET, &number, text.baseAddress!, socklen_t(text.count))
                        .map { unsafe String(cString: $0) } ?? ""
                }
            case AF_INET6:
                return read(as: sockaddr_in6.self) { address in
                    var number = address.sin6_addr
                    return unsafe inet_ntop(AF_INET6, &number, text.baseAddress!, socklen_t(text.count))
                        .map { unsafe String(cString: $0) } ?? ""
                }
            default: return path
            }
        }
    }

    /// `127.0.0.1:5000`, `[::1]:5000`, or `unix` with the path if it has one.
    package var description: String {
        switch family {
        case AF_INET: "\(host):\(port)"
        case AF_INET6: "[\(host)]:\(port)"
        default: path.isEmpty ? "unix" : "unix:\(path)"
        }
    }

    /// bind(2), whose answer it returns.
    func bind(_ descriptor: Int32) -> Int32 {
        unsafe withPointer { address, length in unsafe CLinux.bind(descriptor, address, length) }
    }

    /// connect(2), whose answer it returns.
    func connect(_ descriptor: Int32) -> Int32 {
        unsafe withPointer { address, length in unsafe CLinux.connect(descriptor, address, length) }
    }

    private func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        unsafe withUnsafePointer(to: storage) { storage in
            unsafe storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, length) }
        }
    }

    private var path: String {
        let start = MemoryLayout<sockaddr_un>.offset(of: \.sun_path)!
        // An unnamed socket has no path at all; an abstract one starts with a zero.
        guard family == AF_UNIX, Int(length) > start else { return "" }
        return unsafe withUnsafeBytes(of: storage) { bytes in
            unsafe String(decoding: bytes[start..<Int(length)].prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    private func read<Address, Result>(as type: Address.Type, _ body: (Address) -> Result) -> Result {
        unsafe withUnsafeBytes(of: storage) { unsafe body($0.load(as: type)) }
    }
}

/// A name that has no address.
package struct ResolveError: Error, Equatable, CustomStringConvertible {
    package let host: String
    /// What `gai_strerror` says.
    package let reason: String

    package var description: String { "\(host): \(reason)" }
}
