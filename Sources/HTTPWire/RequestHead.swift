/// A request without its body.
package struct RequestHead: HeadForm {
    /// As sent: methods are case-sensitive.
    package let method: String
    /// As sent.
    package let target: String
    /// The target's path without query, not percent-decoded; of an absolute target what follows the authority; `*`
    /// only for OPTIONS.
    package let path: String
    /// What follows `?`, not decoded.
    package let query: String?
    package let version: HTTPVersion
    package let headers: HeaderFields
    package let bodyLength: BodyLength

    /// Whether the client wants to go on with this connection (RFC 9112 section 9.3).
    package var keepAlive: Bool {
        if headers.hasToken("connection", "close") { return false }
        return version == .http11 || headers.hasToken("connection", "keep-alive")
    }

    /// Whether the client waits for `100 Continue` before it sends the body (RFC 9110 section 10.1.1).
    package var expectsContinue: Bool { version == .http11 && headers.hasToken("expect", "100-continue") }

    /// How the body is coded; nil of what nobody here decodes: 415.
    package var contentCoding: ContentCoding? { ContentCoding(members: headers.tokens("content-encoding")) }

    /// What the body is; nil when the head does not say so, or not in one line and well.
    package var contentType: ContentType? {
        let lines = headers.slices("content-type")
        return lines.count == 1 ? ContentType(lines[0]) : nil
    }

    /// The request line apart: `method SP target SP version`.
    struct Line: HeadLine {
        let method: String
        let target: String
        let path: String
        let query: String?
        let version: HTTPVersion

        init(_ line: ArraySlice<UInt8>) throws(HeadFault) {
            let parts = line.split(separator: ASCII.space, omittingEmptySubsequences: false)
            // HTTP/0.9 had no version: `GET /`.
            if parts.count == 2, parts[0].elementsEqual("GET".utf8), parts[1].first == UInt8(ascii: "/") {
                throw .unsupportedVersion
            }
            guard parts.count == 3 else { throw .malformedRequestLine }
            guard !parts[0].isEmpty, parts[0].allSatisfy(ASCII.isToken) else { throw .invalidMethod }
            method = String(decoding: parts[0], as: UTF8.self)
            version = try HTTPVersion.parse(parts[2])
            let parsed = try RequestTarget(parts[1], method: method)
            target = String(decoding: parts[1], as: UTF8.self)
            (path, query) = (parsed.path, parsed.query)
        }
    }

    init(line: Line, headers: HeaderFields) throws(HeadFault) {
        let hosts = headers.slices("host")
        guard hosts.count <= 1 else { throw .duplicateHost }
        guard hosts.count == 1 || line.version == .http10 else { throw .missingHost }
        if let host = hosts.first, !RequestTarget.isAuthority(host) { throw .invalidHost }
        bodyLength = try BodyLength.declared(by: headers, version: line.version) ?? .none
        (method, target, path, query) = (line.method, line.target, line.path, line.query)
        version = line.version
        self.headers = headers
    }
}
