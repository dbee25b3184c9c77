/// How the end of a message's body is found (RFC 9112 section 6.3).
package enum BodyLength: Equatable, Sendable {
    /// No body follows.
    case none
    /// So many bytes, one or more.
    case length(Int)
    case chunked
    /// Responses only: everything up to the end of the connection.
    case untilClose

    /// What a head's fields say, or nil when they say nothing.
    static func declared(by headers: HeaderFields, version: HTTPVersion) throws(HeadFault) -> BodyLength? {
        let lengths = headers.slices("content-length")
        let codings = headers.slices("transfer-encoding")
        if !codings.isEmpty {
            guard lengths.isEmpty else { throw .contentLengthWithTransferEncoding }
            guard version != .http10 else { throw .transferEncodingBeforeHTTP11 }
            try checkCodings(headers.tokens("transfer-encoding"))
            return .chunked
        }
        guard let length = lengths.first else { return nil }
        // A list of equal values is a second Content-Length in disguise, and refused with it.
        guard lengths.count == 1, !length.contains(ASCII.comma) else { throw .duplicateContentLength }
        guard let number = ASCII.decimal(length) else { throw .invalidContentLength }
        return number == 0 ? BodyLength.none : .length(number)
    }

    private static func checkCodings(_ codings: [String]) throws(HeadFault) {
        let isChunked = codings.map { ASCII.equal(Array($0.utf8)[...], ignoringCase: "chunked".utf8) }
        guard isChunked.last == true, isChunked.count(where: { $0 }) == 1 else { throw .chunkedNotLast }
        guard codings.count == 1 else { throw .unsupportedTransferCoding }
    }
}
