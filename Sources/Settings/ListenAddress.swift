/// Where to listen.
package enum ListenAddress: Hashable, Sendable {
    /// A numeric address or a name, without brackets, and a port; port 0 takes any that is free.
    case tcp(host: String, port: UInt16)
    case unix(path: String)
    /// A socket handed over by systemd; by name (`FileDescriptorName=`) or, with nil, the next one.
    case systemd(name: String?)

    /// Reads `0.0.0.0:8080`, `[::]:8080`, `localhost:8080`, `:8080` (all of IPv4), `unix:/run/sluice.sock`, `systemd`
    /// and `systemd:NAME`.
    init(_ text: String) throws(ValueFault) {
        if text == "systemd" || text.hasPrefix("systemd:") {
            let name = text.dropFirst("systemd:".count)
            self = .systemd(name: name.isEmpty ? nil : String(name))
            return
        }
        if text.hasPrefix("unix:") {
            let path = String(text.dropFirst("unix:".count))
            // sockaddr_un holds 108 bytes, the closing zero included.
            guard !path.isEmpty, path.utf8.count < 108 else {
                throw ValueFault(message: "\"\(text)\" needs a path of 1 to 107 bytes after unix:")
            }
            self = .unix(path: path)
            return
        }
        let fault = ValueFault(
            message: "\"\(text)\" is not an address; write host:port, [IPv6]:port, unix:/path or systemd"
        )
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            throw fault
        }
        var host = text[..<colon]
        if host.hasPrefix("[") && host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard host.contains(":") else { throw fault }
        } else if host.contains(":") {
            throw fault
        }
        guard !host.contains(where: { $0.isWhitespace || "/[]@".contains($0) }) else { throw fault }
        self = .tcp(host: host.isEmpty ? "0.0.0.0" : String(host), port: port)
    }
}

extension ListenAddress: CustomStringConvertible {
    /// As it is written in settings.
    package var description: String {
        switch self {
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        case .systemd(let name?): "systemd:\(name)"
        case .systemd(nil): "systemd"
        }
    }
}
