import Glibc
import WebSocketWire

/// A WebSocket client on the same thread as the gateway: it writes what was made ready before, and throws away what
/// comes back.
final class Client {
    private let port: UInt16
    private var descriptor: Int32 = -1
    /// How many bytes have come back on this connection.
    private(set) var received = 0
    /// Whether the gateway has closed it.
    private(set) var isEnded = false

    init(port: UInt16) {
        self.port = port
        open()
    }

    deinit { close(descriptor) }

    /// Hangs up, and connects again.
    func reopen() {
        close(descriptor)
        open()
    }

    private func open() {
        received = 0
        isEnded = false
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = unsafe withUnsafePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, size)
            }
        }
        guard code == 0 else { fatalError("no connection to port \(port): errno \(errno)") }
        var on: Int32 = 1
        unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    /// A request for an upgrade.
    static func request(_ path: String, subprotocol: String?) -> [UInt8] {
        let lines = [
            "GET \(path) HTTP/1.1", "Host: localhost", "Upgrade: websocket", "Connection: Upgrade",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13",
            subprotocol.map { "Sec-WebSocket-Protocol: \($0)" },
        ]
        return Array((lines.compactMap(\.self) + ["", ""]).joined(separator: "\r\n").utf8)
    }

    func write(_ bytes: [UInt8]) {
        let count = unsafe bytes.withUnsafeBytes { unsafe send(descriptor, $0.baseAddress, $0.count, 0) }
        guard count == bytes.count else { fatalError("the socket took \(count) of \(bytes.count) bytes") }
    }

    /// Reads what there is.
    func drain(_ scratch: inout [UInt8]) {
        let flags = Int32(MSG_DONTWAIT)
        while true {
            let count = unsafe scratch.withUnsafeMutableBytes {
                unsafe recv(descriptor, $0.baseAddress, $0.count, flags)
            }
            isEnded = count == 0
            guard count > 0 else { return }
            received += count
        }
    }
}
