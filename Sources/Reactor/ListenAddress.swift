/// Where to listen, as a user writes it.
package enum ListenAddress: Hashable, Sendable, CustomStringConvertible {
    /// A number or a name; `0` lets the kernel choose the port.
    case host(String, port: UInt16)
    /// Every address of the machine, IPv6 and IPv4.
    case any(port: UInt16)
    case unix(path: String)

    /// Reads `0.0.0.0:8080`, `[::]:8080`, `localhost:8080`, `:8080`, `unix:/run/x.sock` or `/run/x.sock`.
    package static func parse(_ text: String) throws(ListenAddressError) -> ListenAddress {
        if text.hasPrefix("unix:") { return try unix(text, path: String(text.dropFirst("unix:".count))) }
        if text.hasPrefix("/") { return try unix(text, path: text) }
        guard let colon = text.lastIndex(of: ":") else {
            throw ListenAddressError(text: text, problem: "it has no port: write HOST:PORT")
        }
        let portText = text[text.index(after: colon)...]
        guard let port = UInt16(portText), portText.allSatisfy({ $0.isASCII && $0.isNumber }) else {
            throw ListenAddressError(text: text, problem: "the port must be a number from 0 to 65535")
        }
        let host = text[..<colon]
        if host.isEmpty || host == "*" { return .any(port: port) }
        if host.hasPrefix("["), host.hasSuffix("]") {
            return .host(String(host.dropFirst().dropLast()), port: port)
        }
        guard !host.contains(":") else {
            throw ListenAddressError(text: text, problem: "write an IPv6 address in brackets: [::1]:8080")
        }
        guard !host.contains(where: { $0.isWhitespace || $0 == "/" }) else {
            throw ListenAddressError(text: text, problem: "the host is no name and no number")
        }
        return .host(String(host), port: port)
    }

    private static func unix(_ text: String, path: String) throws(ListenAddressError) -> ListenAddress {
        guard SocketAddress(path: path) != nil else {
            throw ListenAddressError(text: text, problem: "the path of a unix socket has 1 to 107 bytes")
        }
        return .unix(path: path)
    }

    /// nil for a unix socket.
    package var port: UInt16? {
        switch self {
        case .host(_, let port), .any(let port): port
        case .unix: nil
        }
    }

    /// As `parse` takes it.
    package var description: String {
        switch self {
        case .host(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .any(let port): ":\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }
}

/// What is wrong with the text of an address.
package struct ListenAddressError: Error, Equatable, CustomStringConvertible {
    package let text: String
    package let problem: String

    package var description: String { "\"\(text)\" is no address to listen on: \(problem)" }
}
