/// One entry of `origins`.
enum OriginPattern: Sendable {
    case exact(Origin)
    /// `https://*.example.com`: every name below the parent's, and not the parent's own.
    case subdomains(of: Origin)

    init(_ text: String) throws(AdmissionError) {
        func wrong(_ fix: String) -> AdmissionError { .origin(pattern: text, fix: fix) }

        guard text.utf8.allSatisfy(ASCII.isVisible) else {
            throw wrong("write it as browsers send it: without spaces, the host in Punycode (xn--…)")
        }
        guard let separator = text.firstRange(of: "://") else {
            throw wrong("an origin begins with its scheme, as in \"https://\(OriginPattern.named(text))\"")
        }
        let scheme = text[..<separator.lowerBound].lowercased()
        let rest = text[separator.upperBound...]
        if scheme == "ws" || scheme == "wss" {
            let page = scheme == "ws" ? "http" : "https"
            throw wrong("an origin is that of the page, whose scheme is \(page): \"\(page)://\(rest)\"")
        }
        guard !rest.contains("/"), !rest.contains("?"), !rest.contains("#") else {
            let end = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex
            throw wrong("an origin has no path: \"\(scheme)://\(rest[..<end])\"")
        }
        guard !rest.contains("@") else { throw wrong("an origin has no user in it") }
        if rest.hasPrefix("*.") {
            self = .subdomains(of: try OriginPattern.parent(text, scheme, rest.dropFirst(2)))
            return
        }
        guard !rest.contains("*") else {
            throw wrong("* stands alone for every origin, or first for names below a domain: \"https://*.example.com\"")
        }
        guard let origin = Origin(text) else {
            throw wrong("an origin is scheme://host or scheme://host:port, as in \"https://logs.example.com:8443\"")
        }
        self = .exact(origin)
    }

    private static func parent(_ text: String, _ scheme: String, _ rest: Substring) throws(AdmissionError) -> Origin {
        guard !rest.contains("*"), let parent = Origin("\(scheme)://\(rest)") else {
            throw .origin(pattern: text, fix: "after *. comes a domain, as in \"https://*.example.com\"")
        }
        let last = parent.host.utf8.split(separator: UInt8(ascii: ".")).last
        guard !parent.host.hasPrefix("["), last?.allSatisfy(ASCII.isDigit) == false else {
            throw .origin(pattern: text, fix: "an address has no subdomains")
        }
        return parent
    }

    private static func named(_ text: String) -> String { text.isEmpty ? "logs.example.com" : text }
}
