/// Who is on the other side. For people: `127.0.0.1:5000`, `[::1]:5000`, `unix`.
package struct PeerAddress: Hashable, Sendable, CustomStringConvertible {
    package let description: String
    /// nil for a unix socket.
    package let ip: IPAddress?

    package init(description: String) {
        self.description = description
        ip = nil
    }

    package init(_ ip: IPAddress, port: UInt16) {
        self.ip = ip
        description = ip.isV4 ? "\(ip):\(port)" : "[\(ip)]:\(port)"
    }
}
