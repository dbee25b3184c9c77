import Foundation

/// Where a `ws://` URL leads.
struct WebSocketURL {
    let host: String
    let port: UInt16
    /// Path and query.
    let target: String

    enum Problem: Error, CustomStringConvertible {
        case notWebSocket(String)
        case secure

        var description: String {
            switch self {
            case .notWebSocket(let text): "\(text) is no WebSocket URL: write ws://HOST:PORT/PATH"
            case .secure: "wss:// is not there yet: use ws://, or put a TLS proxy in front"
            }
        }
    }

    init(_ text: String) throws(Problem) {
        guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
            let host = parts.host, !host.isEmpty
        else { throw .notWebSocket(text) }
        if scheme == "wss" { throw .secure }
        guard scheme == "ws", parts.fragment == nil, let port = UInt16(exactly: parts.port ?? 80) else {
            throw .notWebSocket(text)
        }
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        self.port = port
        let path = parts.percentEncodedPath.isEmpty ? "/" : parts.percentEncodedPath
        target = path + (parts.percentEncodedQuery.map { "?" + $0 } ?? "")
    }

    /// The `Host` header's value.
    var authority: String { (host.contains(":") ? "[\(host)]" : host) + (port == 80 ? "" : ":\(port)") }
}
