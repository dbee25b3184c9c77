/// Where a run connects to: `ws://host[:port]/path?query`, or `wss://`.
struct TargetURL: Equatable, Sendable {
    /// `wss://`.
    let isSecure: Bool
    /// A name or number, an IPv6 number without its brackets.
    let host: String
    let port: UInt16
    /// Path and query, as they stand in the request line.
    let target: String

    /// What the `Host` header says: without the port where it is the scheme's own (RFC 9112 section 3.2).
    var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == Self.ownPort(isSecure) ? name : "\(name):\(port)"
    }

    /// - Throws: what is wrong with the text.
    init(_ text: String) throws(UsageError) {
        guard let scheme = text.firstRange(of: "://") else { throw .notAURL(text) }
        switch text[..<scheme.lowerBound].lowercased() {
        case "ws": isSecure = false
        case "wss": isSecure = true
        default: throw .notAURL(text)
        }
        // A fragment has no place in a WebSocket's URL (RFC 6455 section 3).
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }) else {
            throw .notAURL(text)
        }
        let rest = text[scheme.upperBound...]
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        guard let place = Self.place(rest[..<end], isSecure) else { throw .notAURL(text) }
        (host, port) = place
        let target = rest[end...]
        self.target = target.hasPrefix("/") ? String(target) : "/" + target
    }

    /// What a browser's page from there says of its origin (RFC 6454 section 6.1).
    var origin: String { "\(isSecure ? "https" : "http")://\(authority)" }

    private static func ownPort(_ isSecure: Bool) -> UInt16 { isSecure ? 443 : 80 }

    private static func place(_ text: Substring, _ isSecure: Bool) -> (host: String, port: UInt16)? {
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            let host = String(text[text.index(after: text.startIndex)..<end])
            return port(text[text.index(after: end)...], isSecure).flatMap { host.isEmpty ? nil : (host, $0) }
        }
        let colon = text.firstIndex(of: ":") ?? text.endIndex
        let host = String(text[..<colon])
        guard !host.isEmpty, !host.contains("@") else { return nil }
        return port(text[colon...], isSecure).map { (host, $0) }
    }

    private static func port(_ text: Substring, _ isSecure: Bool) -> UInt16? {
        if text.isEmpty { return ownPort(isSecure) }
        guard text.hasPrefix(":"), let port = UInt16(text.dropFirst()), port > 0 else { return nil }
        return port
    }
}
