/// A response without its body, as a client reads it.
package struct ResponseHead: HeadForm {
    package let version: HTTPVersion
    /// 100 to 599.
    package let status: Int
    package let reason: String
    package let headers: HeaderFields
    private let declaredLength: BodyLength?

    /// Whether the server goes on with this connection.
    package var keepAlive: Bool {
        if headers.hasToken("connection", "close") { return false }
        return version == .http11 || headers.hasToken("connection", "keep-alive")
    }

    /// How the body of this answer to a request with that method ends (RFC 9112 section 6.3).
    package func bodyLength(answering method: String) -> BodyLength {
        if method == "HEAD" || status < 200 || status == 204 || status == 304 { return .none }
        return declaredLength ?? .untilClose
    }

    /// The status line apart: `version SP code SP reason`, the reason possibly empty.
    struct Line: HeadLine {
        let version: HTTPVersion
        let status: Int
        let reason: String

        init(_ line: ArraySlice<UInt8>) throws(HeadFault) {
            let parts = line.split(separator: ASCII.space, maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { throw .malformedStatusLine }
            version = try HTTPVersion.parse(parts[0])
            guard parts[1].count == 3, let code = ASCII.decimal(parts[1]), (100...599).contains(code) else {
                throw .malformedStatusLine
            }
            status = code
            reason = String(decoding: parts[2], as: UTF8.self)
        }
    }

    init(line: Line, headers: HeaderFields) throws(HeadFault) {
        declaredLength = try BodyLength.declared(by: headers, version: line.version)
        (version, status, reason) = (line.version, line.status, line.reason)
        self.headers = headers
    }
}
