import Foundation
import Glibc

/// A TCP connection to the gateway with nothing above it, to send what no client would.
final class RawSocket {
    /// What came, and how it ended.
    struct Received {
        enum End { case endOfFile, reset, stillOpen }
        let bytes: [UInt8]
        let end: End
        var text: String { String(decoding: bytes, as: UTF8.self) }
    }

    private let descriptor: Int32

    /// - Parameters:
    ///   - buffering: about how many bytes the kernel takes that nobody reads, here; at the gateway's side it becomes a
    ///     hundred thousand or so. Nil: megabytes.
    ///   - seconds: how long a receive or a send waits for the peer.
    init(port: Int, buffering: Int? = nil, seconds: Int = 60) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure("socket: \(errno)") }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
        if var bytes = buffering.map(Int32.init) {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &bytes, socklen_t(MemoryLayout<Int32>.size))
            // The peer's kernel makes room for segments, and those of the loopback interface are large.
            var segment: Int32 = 536
            setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_MAXSEG, &segment, socklen_t(MemoryLayout<Int32>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        let code = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else {
            close(descriptor)
            throw Failure("connect to \(port): \(String(cString: strerror(errno)))")
        }
    }

    deinit { close(descriptor) }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure("send: \(String(cString: strerror(errno)))") }
            sent += count
        }
    }

    /// Sends as far as the peer takes it; a peer that has closed already is no failure.
    func offer(_ bytes: [UInt8]) { try? send(bytes) }

    /// One read; empty at the end, at an error and after `seconds`.
    func receive() -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count > 0 ? Array(buffer.prefix(count)) : []
    }

    func receive(exactly count: Int) throws -> [UInt8] {
        var found: [UInt8] = []
        while found.count < count {
            var byte: UInt8 = 0
            guard recv(descriptor, &byte, 1, 0) == 1 else { throw Failure("ended after \(found)") }
            found.append(byte)
        }
        return found
    }

    /// Everything up to the peer's end, or until it says nothing for `seconds`.
    func receiveAll() -> Received {
        var found: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count > 0 {
                found += buffer.prefix(count)
            } else if count == 0 {
                return Received(bytes: found, end: .endOfFile)
            } else if errno != EINTR {
                return Received(bytes: found, end: errno == ECONNRESET ? .reset : .stillOpen)
            }
        }
    }

    /// Bytes that the gateway's kernel holds for us (`tx_queue` of proc(5), /proc/net/tcp).
    func unreadByUs(from port: Int) throws -> Int {
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) {
            _ = $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
        }
        let ends = [port, Int(UInt16(bigEndian: address.sin_port))].map { String(format: ":%04X", $0) }
        // The kernel gives a page at a time.
        guard let table = FileHandle(forReadingAtPath: "/proc/net/tcp") else { throw Failure("/proc/net/tcp") }
        var bytes = Data()
        while let more = try table.read(upToCount: 65_536), !more.isEmpty { bytes += more }
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count > 4, fields[1].hasSuffix(ends[0]), fields[2].hasSuffix(ends[1]) else { continue }
            return Int(fields[4].prefix { $0 != ":" }, radix: 16) ?? 0
        }
        throw Failure("the kernel knows of no connection \(ends)")
    }

    /// From now on closing resets the connection.
    func resetOnClose() {
        var wish = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &wish, socklen_t(MemoryLayout<linger>.size))
    }

    func shutWriting() { shutdown(descriptor, Int32(SHUT_WR)) }
}
