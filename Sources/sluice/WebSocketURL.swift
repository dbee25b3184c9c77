import Foundation
import Settings

/// Where a `ws://` or `wss://` URL leads.
struct WebSocketURL {
    /// `wss://`.
    let isSecure: Bool
    let host: String
    let port: UInt16
    /// Path and query.
    let target: String
    /// `user:password` of `ws://user:password@host`, decoded: HTTP basic credentials.
    let userAndPassword: Secret?

    enum Problem: Error, CustomStringConvertible {
        /// - Parameter text: without user and password, and without what follows `?`, which may hold a token.
        case notWebSocket(String)

        var description: String {
            switch self {
            case .notWebSocket(let text):
                "\(text) is no WebSocket URL: write ws://HOST:PORT/PATH or wss://HOST:PORT/PATH"
            }
        }
    }

    init(_ text: String) throws(Problem) {
        let problem = Problem.notWebSocket(Self.withoutSecrets(text))
        guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
            let host = parts.host, !host.isEmpty, scheme == "ws" || scheme == "wss", parts.fragment == nil
        else { throw problem }
        isSecure = scheme == "wss"
        guard let port = UInt16(exactly: parts.port ?? (isSecure ? 443 : 80)) else { throw problem }
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        self.port = port
        let path = parts.percentEncodedPath.isEmpty ? "/" : parts.percentEncodedPath
        target = path + (parts.percentEncodedQuery.map { "?" + $0 } ?? "")
        userAndPassword = parts.user.map { Secret("\($0):\(parts.password ?? "")") }
    }

    private static func withoutSecrets(_ text: String) -> String {
        let shown = text.prefix { $0 != "?" }
        guard let at = shown.lastIndex(of: "@") else { return String(shown) }
        let scheme = shown.range(of: "://").map { shown[..<$0.upperBound] } ?? ""
        return String(scheme + shown[shown.index(after: at)...])
    }

    /// The `Host` header's value.
    var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }

    /// Without user and password, and without the query, which may hold a token.
    var shown: String { "\(isSecure ? "wss" : "ws")://\(authority)\(target.prefix { $0 != "?" })" }
}
