/// Version 1 of the PROXY header: one line of text.
enum ProxyLine {
    static let beginning = Array("PROXY ".utf8)

    /// `PROXY UNKNOWN` with two IPv6 addresses and two ports, CRLF included.
    private static let longest = 107
    private static let protocols = ["TCP4 ", "TCP6 ", "UNKNOWN "].map { Array($0.utf8) }

    /// The header once its line feed is there; nil while it still can become one.
    ///
    /// - Parameter held: what came so far, asked after each byte from the protocol's name on.
    static func header(ofBeginning held: [UInt8]) throws(ProxyHeaderFault) -> ProxyHeader? {
        let last = held[held.count - 1]
        let wasCarriageReturn = held[held.count - 2] == UInt8(ascii: "\r")
        if wasCarriageReturn || last == UInt8(ascii: "\n") {
            guard wasCarriageReturn, last == UInt8(ascii: "\n") else { throw .malformedLine }
            return try header(ofLine: held[beginning.count..<(held.count - 2)])
        }
        guard held.count < longest else { throw .tooLong }
        guard last == UInt8(ascii: "\r") || (0x20...0x7E).contains(last) else { throw .malformedLine }
        let rest = held[beginning.count...].prefix { $0 != UInt8(ascii: "\r") }
        guard protocols.contains(where: { $0.starts(with: rest) || rest.starts(with: $0) }) else {
            throw .malformedLine
        }
        return nil
    }

    private static func header(ofLine line: ArraySlice<UInt8>) throws(ProxyHeaderFault) -> ProxyHeader {
        let parts = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        // What follows is to be ignored, says the specification.
        if parts[0].elementsEqual("UNKNOWN".utf8) { return ProxyHeader(source: nil) }
        guard parts.count == 5, let source = IPAddress(ascii: parts[1]), IPAddress(ascii: parts[2]) != nil,
            let port = IPAddress.decimal(parts[3], atMost: .max), IPAddress.decimal(parts[4], atMost: .max) != nil
        else { throw .malformedLine }
        let isV6 = parts[1...2].map { $0.contains(UInt8(ascii: ":")) }
        guard isV6 == [Bool](repeating: parts[0].elementsEqual("TCP6".utf8), count: 2) else { throw .malformedLine }
        return ProxyHeader(source: PeerAddress(source, port: port))
    }
}
