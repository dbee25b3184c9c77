import Glibc
import Reactor
import Synchronization

/// A blocking socket in a test's hands: the other side of what is tested.
final class BlockingSocket: Sendable {
    private let descriptor: Locked<Int32>

    init(adopting descriptor: Int32) { self.descriptor = Locked(descriptor) }

    /// Connects to this port of the loopback, over IPv6 or IPv4.
    init(port: UInt16, ipv6: Bool = false) throws {
        let made = socket(ipv6 ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard made >= 0 else { throw BlockingSocketError(code: errno) }
        descriptor = Locked(made)
        let code: Int32
        if ipv6 {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            address.sin6_addr = in6addr_loopback
            code = Self.connect(made, &address)
        } else {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            code = Self.connect(made, &address)
        }
        if code != 0 {
            let error = errno
            close()
            throw BlockingSocketError(code: error)
        }
    }

    deinit { close() }

    static func pair() throws -> (BlockingSocket, BlockingSocket) {
        var ends: [Int32] = [0, 0]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0 else {
            throw BlockingSocketError(code: errno)
        }
        return (BlockingSocket(adopting: ends[0]), BlockingSocket(adopting: ends[1]))
    }

    private static func connect<Address>(_ descriptor: Int32, _ address: inout Address) -> Int32 {
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<Address>.size))
            }
        }
    }

    private var number: Int32 { descriptor.withLock { $0 } }

    func write(_ bytes: [UInt8]) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                send(number, $0.baseAddress! + sent, $0.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count < 0 { return }
            sent += count
        }
    }

    /// So many bytes, or fewer if the end comes first.
    func read(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var got = 0
        while got < count {
            let part = bytes.withUnsafeMutableBytes { recv(number, $0.baseAddress! + got, count - got, 0) }
            if part <= 0 { break }
            got += part
        }
        return Array(bytes.prefix(got))
    }

    /// Whether bytes or the end are there to be read.
    var isReadable: Bool {
        var one = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
        return poll(&one, 1, 0) == 1
    }

    func readToEnd() -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let part = read(65_536)
            bytes += part
            if part.count < 65_536 { return bytes }
        }
    }

    func finish() { shutdown(number, Int32(SHUT_WR)) }

    func resetAndClose() {
        var value = linger(l_onoff: 1, l_linger: 0)
        setsockopt(number, SOL_SOCKET, SO_LINGER, &value, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    func close() {
        descriptor.withLock { descriptor in
            if descriptor >= 0 { Glibc.close(descriptor) }
            descriptor = -1
        }
    }

    /// Gives the descriptor away.
    func detach(nonBlocking: Bool) -> Int32 {
        descriptor.withLock { descriptor in
            defer { descriptor = -1 }
            if nonBlocking { _ = fcntl(descriptor, F_SETFL, O_NONBLOCK) }
            return descriptor
        }
    }
}

struct BlockingSocketError: Error {
    let code: Int32
}

/// Set once, by any thread.
final class Flag: Sendable {
    private let value = Atomic<Bool>(false)

    var isSet: Bool { value.load(ordering: .acquiring) }

    func set() { value.store(true, ordering: .releasing) }
}
