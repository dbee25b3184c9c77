import HTTPWire
import Testing

struct ResponseTests {
    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func aTextAnswerIsWhole() {
        #expect(
            text(Response.text(404, "no such path", keepAlive: true).serialised())
                == "HTTP/1.1 404 Not Found\r\nContent-Length: 13\r\nConnection: keep-alive\r\n"
                + "Content-Type: text/plain; charset=utf-8\r\n\r\nno such path\n"
        )
    }

    @Test func aRefusalSaysWhyAndCloses() {
        let answer = text(Response.refusal(status: 431, reason: HeadFault.headTooLong).serialised())
        #expect(answer.hasPrefix("HTTP/1.1 431 Request Header Fields Too Large\r\n"))
        #expect(answer.contains("\r\nConnection: close\r\n"))
        #expect(answer.hasSuffix("431 Request Header Fields Too Large: the headers are too long\n"))
    }

    @Test func theAnswerToHEADKeepsItsLengthAndLosesItsBody() {
        let answer = text(Response.json(200, "{}").serialised(answeringHEAD: true))
        #expect(answer.contains("Content-Length: 2\r\n"))
        #expect(answer.hasSuffix("\r\n\r\n"))
    }

    @Test func headersCannotSmuggleLines() {
        let answer = text(
            Response(status: 503, headers: [("X-A\r\nY", "b\r\nZ: c"), ("Retry-After", "5")]).serialised()
        )
        #expect(answer.contains("\r\nX-AY: b  Z: c\r\nRetry-After: 5\r\n\r\n"))
    }

    @Test(arguments: [100, 204])
    func statusesWithoutContentHaveNoLength(status: Int) {
        let answer = text(Response(status: status, body: [1]).serialised())
        #expect(!answer.contains("Content-Length"))
        #expect(answer.hasSuffix("\r\n\r\n"))
    }

    @Test func theAnswersToPostsSayWhatTheirStatusWants() {
        #expect(
            text(Response.done(keepAlive: true).serialised())
                == "HTTP/1.1 204 No Content\r\nConnection: keep-alive\r\n\r\n"
        )
        #expect(text(Response.goOn) == "HTTP/1.1 100 Continue\r\n\r\n")
        let options = text(Response.options(["GET", "POST"], keepAlive: false).serialised())
        #expect(options == "HTTP/1.1 204 No Content\r\nConnection: close\r\nAllow: GET, POST\r\n\r\n")
        let answers = [
            (Response.methodNotAllowed(["GET", "POST"]), "405 Method Not Allowed", "Allow: GET, POST"),
            (.tooLarge("a log is over max_len"), "413 Content Too Large", "Content-Length: 22"),
            (.unsupportedCoding(), "415 Unsupported Media Type", "Accept-Encoding: gzip"),
            (.unsupportedType(["text/plain"]), "415 Unsupported Media Type", "Accept-Post: text/plain"),
            (.later(429, "too fast", seconds: 3), "429 Too Many Requests", "Retry-After: 3"),
            (.later(503, "not now", seconds: 5), "503 Service Unavailable", "Retry-After: 5"),
        ]
        for (response, status, line) in answers {
            let answer = text(response.serialised())
            #expect(answer.hasPrefix("HTTP/1.1 \(status)\r\n"))
            #expect(answer.contains("\r\n\(line)\r\n"))
            #expect(answer.contains("\r\nConnection: close\r\n"))
        }
    }

    @Test func everyStatusOfAFaultHasItsPhrase() {
        for status in HeadFault.allCases.map(\.status) + BodyFault.allCases.map(\.status)
            + DecodingFault.allCases.map(\.status)
        {
            #expect(!StatusPhrase.of(status).hasSuffix("Error"))
        }
        #expect(StatusPhrase.of(499) == "Client Error")
        #expect(StatusPhrase.of(599) == "Server Error")
    }

    @Test func whatIsWrittenIsReadBack() throws {
        let bytes = Response.json(200, "{\"ready\":true}", keepAlive: true).serialised()
        var reader = ResponseHeadReader()
        var offset = 0
        guard case .head(let head) = reader.next(bytes.span.bytes, at: &offset) else { return #expect(Bool(false)) }
        #expect(head.status == 200)
        #expect(head.reason == "OK")
        #expect(head.keepAlive)
        #expect(head.bodyLength(answering: "GET") == .length(14))
        #expect(head.bodyLength(answering: "HEAD") == .none)
        #expect(text(Array(bytes[offset...])) == "{\"ready\":true}")
    }
}
