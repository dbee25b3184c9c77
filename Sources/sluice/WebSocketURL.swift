import Foundation

/// Where a `ws://` or `wss://` URL leads.
struct WebSocketURL {
    /// `wss://`.
    let isSecure: Bool
    let host: String
    let port: UInt16
    /// Path and query.
    let target: String

    enum Problem: Error, CustomStringConvertible {
        /// - Parameter text: without what follows `?`, which may hold a token.
        case notWebSocket(String)

        var description: String {
            switch self {
            case .notWebSocket(let text):
                "\(text) is no WebSocket URL: write ws://HOST:PORT/PATH or wss://HOST:PORT/PATH"
            }
        }
    }

    init(_ text: String) throws(Problem) {
        let problem = Problem.notWebSocket(String(text.prefix { $0 != "?" }))
        guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
            let host = parts.host, !host.isEmpty, scheme == "ws" || scheme == "wss", parts.fragment == nil
        else { throw problem }
        isSecure = scheme == "wss"
        guard let port = UInt16(exactly: parts.port ?? (isSecure ? 443 : 80)) else { throw problem }
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        self.port = port
        let path = parts.percentEncodedPath.isEmpty ? "/" : parts.percentEncodedPath
        target = path + (parts.percentEncodedQuery.map { "?" + $0 } ?? "")
    }

    /// The `Host` header's value.
    var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }

    /// Without the query, which may hold a token.
    var shown: String { "\(isSecure ? "wss" : "ws")://\(authority)\(target.prefix { $0 != "?" })" }
}
