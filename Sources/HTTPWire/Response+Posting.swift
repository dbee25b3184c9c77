// The answers to requests with a body, and to those that ask what may be asked.
extension Response {
    /// What a client that sent `Expect: 100-continue` waits for before its body.
    package static let goOn = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)

    /// 204: done, and there is nothing to say.
    package static func done(keepAlive: Bool, headers: [(name: String, value: String)] = []) -> Response {
        Response(status: 204, headers: headers, keepAlive: keepAlive)
    }

    /// 204 to OPTIONS.
    package static func options(_ methods: [String], keepAlive: Bool) -> Response {
        done(keepAlive: keepAlive, headers: [("Allow", methods.joined(separator: ", "))])
    }

    /// 405, which has to say what is allowed (RFC 9110 section 15.5.6).
    package static func methodNotAllowed(_ methods: [String], keepAlive: Bool = false) -> Response {
        let list = methods.joined(separator: ", ")
        return text(405, "Here are \(list).", keepAlive: keepAlive).adding(("Allow", list))
    }

    /// 413: what was too large, and how large it may be.
    package static func tooLarge(_ reason: String, keepAlive: Bool = false) -> Response {
        text(413, reason, keepAlive: keepAlive)
    }

    /// 415 for a content coding other than those named in its `Accept-Encoding` (RFC 9110 section 12.5.3).
    package static func unsupportedCoding(keepAlive: Bool = false) -> Response {
        text(415, "Content-Encoding may be \(ContentCoding.accepted), or left out.", keepAlive: keepAlive)
            .adding(("Accept-Encoding", ContentCoding.accepted))
    }

    /// 415 for a media type other than these.
    package static func unsupportedType(_ types: [String], keepAlive: Bool = false) -> Response {
        let list = types.joined(separator: ", ")
        return text(415, "Content-Type may be \(list), in UTF-8.", keepAlive: keepAlive).adding(("Accept-Post", list))
    }

    /// 429 or 503, with the seconds after which it may go better.
    package static func later(_ status: Int, _ reason: String, seconds: Int, keepAlive: Bool = false) -> Response {
        text(status, reason, keepAlive: keepAlive).adding(("Retry-After", String(seconds)))
    }

    /// The same with one header more.
    package func adding(_ header: (name: String, value: String)) -> Response {
        var response = self
        response.headers.append(header)
        return response
    }
}
