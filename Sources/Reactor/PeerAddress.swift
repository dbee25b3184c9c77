/// Who is on the other side. For people: `127.0.0.1:5000`, `[::1]:5000`, `unix`.
package struct PeerAddress: Hashable, Sendable, CustomStringConvertible {
    /// nil for a unix socket.
    package let ip: IPAddress?
    private let port: UInt16
    private let text: String?

    package init(description: String) {
        text = description
        ip = nil
        port = 0
    }

    package init(_ ip: IPAddress, port: UInt16) {
        self.ip = ip
        self.port = port
        text = nil
    }

    // Put together when somebody reads it: every connection is asked for its address, and few are spoken of.
    package var description: String {
        guard let ip else { return text ?? "" }
        return ip.isV4 ? "\(ip):\(port)" : "[\(ip)]:\(port)"
    }
}
