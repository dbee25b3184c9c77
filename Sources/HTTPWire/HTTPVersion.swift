/// The versions of HTTP/1 (RFC 9112 section 2.3). A higher minor version counts as 1.1.
package enum HTTPVersion: Equatable, Sendable {
    case http10
    case http11

    /// Reads `HTTP/1.1` and its kind, exact in case.
    static func parse(_ text: ArraySlice<UInt8>) throws(HeadFault) -> HTTPVersion {
        let bytes = Array(text)
        guard bytes.count == 8, bytes.starts(with: "HTTP/".utf8), ASCII.isDigit(bytes[5]),
            bytes[6] == UInt8(ascii: "."), ASCII.isDigit(bytes[7])
        else { throw .malformedVersion }
        guard bytes[5] == UInt8(ascii: "1") else { throw .unsupportedVersion }
        return bytes[7] == UInt8(ascii: "0") ? .http10 : .http11
    }
}
