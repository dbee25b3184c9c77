import Reactor

/// Who the client is behind trusted proxies (`X-Forwarded-For`).
enum ForwardedFor {
    /// The nearest address that is not a trusted proxy's. What stands further to the left was written by whoever that
    /// is, and is never believed.
    ///
    /// - Parameters:
    ///   - peer: who is connected; nil for a unix socket.
    ///   - header: the values of all lines of the header, in order.
    ///   - trustsUnixSockets: whether what is behind a unix socket is a trusted proxy.
    /// - Returns: the peer where it is not trusted, or where the header names nobody; the address furthest to the left
    ///   where all are trusted; what is to the right of an entry that is no address. nil only for a unix socket.
    static func client(
        peer: IPAddress?,
        header values: [String],
        trusted: [IPRange],
        trustsUnixSockets: Bool = false
    ) -> IPAddress? {
        let isTrusted = { (address: IPAddress) in trusted.contains { $0.contains(address) } }
        guard peer.map(isTrusted) ?? trustsUnixSockets else { return peer }
        var client = peer
        for value in values.reversed() {
            for entry in value.utf8.split(separator: UInt8(ascii: ",")).reversed() {
                let text = trimmed(Array(entry)[...])
                // RFC 9110 section 5.6.1: empty members of a list count for nothing.
                if text.isEmpty { continue }
                guard let address = address(of: text) else { return client }
                client = address
                guard isTrusted(address) else { return client }
            }
        }
        return client
    }

    /// `203.0.113.7`, `203.0.113.7:4711`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:4711`, each also in quotes.
    private static func address(of entry: ArraySlice<UInt8>) -> IPAddress? {
        var text = entry
        if text.count >= 2, text.first == UInt8(ascii: "\""), text.last == UInt8(ascii: "\"") {
            text = trimmed(text.dropFirst().dropLast())
        }
        if text.first == UInt8(ascii: "[") {
            guard let end = text.firstIndex(of: UInt8(ascii: "]")), isPort(text[(end + 1)...]) else { return nil }
            let inside = text[(text.startIndex + 1)..<end]
            return inside.contains(UInt8(ascii: ":")) ? IPAddress(ascii: inside) : nil
        }
        if let address = IPAddress(ascii: text) { return address }
        guard let colon = text.firstIndex(of: UInt8(ascii: ":")), isPort(text[colon...]) else { return nil }
        return IPAddress(ascii: text[..<colon])
    }

    /// `:4711`, or nothing.
    private static func isPort(_ text: ArraySlice<UInt8>) -> Bool {
        text.isEmpty
            || text.first == UInt8(ascii: ":") && (2...6).contains(text.count)
                && text.dropFirst().allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        var rest = text.drop(while: isBlank)
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        return rest
    }
}
