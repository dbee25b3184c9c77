internal import Glibc

/// Scheme, host and port of a page, in the one form that all spellings of it share.
struct Origin: Hashable, Sendable {
    /// No browser's is longer: a host has 253 bytes at most.
    private static let maxBytes = 1024

    let scheme: String
    /// In lower case; an IPv6 address in brackets, as `inet_ntop` writes it.
    let host: String
    /// nil: the scheme's own, or it has none.
    let port: UInt16?

    /// Reads what a browser sends: `scheme://host`, `scheme://host:port` and nothing more.
    init?(_ text: String) {
        guard text.utf8.count <= Origin.maxBytes, text.utf8.allSatisfy(ASCII.isVisible),
            let separator = text.firstRange(of: "://")
        else { return nil }
        let scheme = text[..<separator.lowerBound].lowercased()
        guard Origin.isScheme(scheme) else { return nil }
        var host = text[separator.upperBound...]
        var port: UInt16?
        if let colon = host.lastIndex(of: ":"), !host.hasSuffix("]") {
            guard let number = Origin.port(host[host.index(after: colon)...]) else { return nil }
            port = number
            host = host[..<colon]
        }
        guard let name = Origin.host(host) else { return nil }
        self.scheme = scheme
        self.host = name
        self.port = port == Origin.defaultPort(scheme) ? nil : port
    }

    /// Of one label or more in front of the parent's host.
    func isSubdomain(of parent: Origin) -> Bool {
        guard scheme == parent.scheme, port == parent.port else { return false }
        return host.utf8.count > parent.host.utf8.count + 1 && host.hasSuffix("." + parent.host)
    }

    private static func defaultPort(_ scheme: String) -> UInt16? {
        switch scheme {
        case "http": 80
        case "https": 443
        default: nil
        }
    }

    private static func isScheme(_ text: String) -> Bool {
        guard let first = text.utf8.first, ASCII.isLetter(first) else { return false }
        return text.utf8.allSatisfy { ASCII.isLetter($0) || ASCII.isDigit($0) || "+-.".utf8.contains($0) }
    }

    private static func port(_ digits: Substring) -> UInt16? {
        guard digits.utf8.first != UInt8(ascii: "0"), digits.utf8.allSatisfy(ASCII.isDigit) else { return nil }
        return UInt16(digits)
    }

    private static func host(_ text: Substring) -> String? {
        if text.hasPrefix("["), text.hasSuffix("]") { return address(text.dropFirst().dropLast()) }
        guard !text.isEmpty, text.utf8.allSatisfy(isHostByte) else { return nil }
        let labels = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        // One dot at the end is a name of its own, absolute.
        guard labels.dropLast().allSatisfy({ !$0.isEmpty }), labels[0].count > 0 else { return nil }
        return text.lowercased()
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        ASCII.isLetter(byte) || ASCII.isDigit(byte) || "-._".utf8.contains(byte)
    }

    private static func address(_ text: Substring) -> String? {
        var address = in6_addr()
        var form = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard unsafe inet_pton(AF_INET6, String(text), &address) == 1,
            unsafe inet_ntop(AF_INET6, &address, &form, socklen_t(form.count)) != nil
        else { return nil }
        let written = form.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return "[" + String(decoding: written, as: UTF8.self) + "]"
    }
}
