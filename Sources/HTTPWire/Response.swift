/// A response as a whole, for the admin pages, refusals of the handshake and answers to POST.
package struct Response: Sendable {
    /// 200 to 599, or 100.
    package var status: Int
    /// Written after `Content-Length` and `Connection`, which are not to be among them.
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]
    /// False writes `Connection: close`; close after sending then.
    package var keepAlive: Bool

    package init(
        status: Int,
        headers: [(name: String, value: String)] = [],
        body: [UInt8] = [],
        keepAlive: Bool = false
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.keepAlive = keepAlive
    }

    /// `text/plain`; a line feed is added where the text has none at its end.
    package static func text(_ status: Int, _ text: String, keepAlive: Bool = false) -> Response {
        Response(
            status: status,
            headers: [("Content-Type", "text/plain; charset=utf-8")],
            body: Array((text.hasSuffix("\n") ? text : text + "\n").utf8),
            keepAlive: keepAlive
        )
    }

    /// `application/json`: the text of one JSON value.
    package static func json(_ status: Int, _ json: String, keepAlive: Bool = false) -> Response {
        Response(
            status: status,
            headers: [("Content-Type", "application/json"), ("Cache-Control", "no-store")],
            body: Array(json.utf8),
            keepAlive: keepAlive
        )
    }

    /// The answer to a head or a body that was refused: the status, the reason in words, and the end.
    package static func refusal(status: Int, reason: some CustomStringConvertible) -> Response {
        text(status, "\(status) \(StatusPhrase.of(status)): \(reason)")
    }

    /// The bytes to send. `Content-Length` is always there (but with 1xx and 204, where RFC 9110 section 8.6 forbids
    /// it).
    ///
    /// - Parameter answeringHEAD: leaves the body out and keeps its length.
    package func serialised(answeringHEAD: Bool = false) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(128 + headers.count * 48 + body.count)
        out += "HTTP/1.1 \(status) \(StatusPhrase.of(status))\r\n".utf8
        let hasContent = status >= 200 && status != 204
        if hasContent { out += "Content-Length: \(body.count)\r\n".utf8 }
        if status >= 200 { out += (keepAlive ? "Connection: keep-alive\r\n" : "Connection: close\r\n").utf8 }
        for (name, value) in headers {
            out += name.utf8.lazy.filter(ASCII.isToken)
            out += ": ".utf8
            // A value that carries a line break would be a header of its own for whoever reads this.
            out += value.utf8.lazy.map { ASCII.isForbiddenControl($0) ? ASCII.space : $0 }
            out += "\r\n".utf8
        }
        out += "\r\n".utf8
        if hasContent && status != 304 && !answeringHEAD { out += body }
        return out
    }
}
