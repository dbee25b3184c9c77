import HTTPWire
import Testing

struct RequestHeadReaderTests {
    static let upgrade = """
        GET /logs?token=a%20b HTTP/1.1\r
        Host: gateway.example:8080\r
        Upgrade: websocket\r
        Connection: keep-alive, Upgrade\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        Sec-WebSocket-Version: 13\r
        \r\n
        """

    @Test func anUpgradeIsReadAsItWasSent() throws {
        let head = try #require(requestHead(Self.upgrade))
        #expect(head.method == "GET")
        #expect(head.target == "/logs?token=a%20b")
        #expect(head.path == "/logs")
        #expect(head.query == "token=a%20b")
        #expect(head.version == .http11)
        #expect(head.headers.count == 5)
        #expect(head.headers["sec-websocket-key"] == "dGhlIHNhbXBsZSBub25jZQ==")
        #expect(head.headers.hasToken("connection", "upgrade"))
        #expect(head.bodyLength == .none)
        #expect(head.keepAlive)
    }

    @Test func theVerdictIsTheSameForEveryCut() {
        let streams = [
            Self.upgrade + Self.upgrade, "GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n", "\r\nGET / HTTP/1.0\r\n\r\n",
            "GET / HTTP/1.1\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nA\rB: c\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        ]
        for bytes in streams.map({ Array($0.utf8) }) {
            let whole = readRequests(bytes)
            #expect(!whole.isEmpty)
            for cut in 0...bytes.count {
                #expect(readRequests(bytes, cuts: [cut]) == whole, "cut at \(cut)")
            }
            #expect(readRequests(bytes, cuts: Array(0...bytes.count)) == whole)
        }
    }

    @Test func bytesAfterTheHeadAreLeftAlone() {
        var reader = RequestHeadReader()
        let bytes = Array("GET / HTTP/1.0\r\n\r\nbody".utf8)
        var offset = 0
        guard case .head = reader.next(bytes.span.bytes, at: &offset) else { return #expect(Bool(false)) }
        #expect(offset == bytes.count - 4)
        #expect(reader.isIdle)
    }

    @Test func aRefusalIsFinal() {
        var reader = RequestHeadReader()
        for text in ["GET /\r\n", "GET / HTTP/1.0\r\n\r\n"] {
            var offset = 0
            guard case .refused(505, .unsupportedVersion) = reader.next(Array(text.utf8).span.bytes, at: &offset) else {
                return #expect(Bool(false))
            }
        }
    }

    @Test func idleMeansNothingOfAHeadWasSeen() {
        var reader = RequestHeadReader()
        var offset = 0
        #expect(reader.isIdle)
        _ = reader.next(Array("G".utf8).span.bytes, at: &offset)
        #expect(!reader.isIdle)
    }

    @Test(arguments: [
        ("G\u{7}T / HTTP/1.1\r\n", HeadFault.controlCharacter),
        ("\u{16}\u{3}\u{1}", .controlCharacter),
        ("G(T / HTTP/1.1\r\n", .invalidMethod),
        (" / HTTP/1.1\r\n", .invalidMethod),
        ("GET  / HTTP/1.1\r\n", .malformedRequestLine),
        ("GET / HTTP/1.1 \r\n", .malformedRequestLine),
        ("GET / HTTP/1.1 x\r\n", .malformedRequestLine),
        ("GET\r\n", .malformedRequestLine),
        ("\r\n\r\n", .malformedRequestLine),
        ("GET /\r\n", .unsupportedVersion),
        ("GET / HTTP/2.0\r\n", .unsupportedVersion),
        ("GET / HTTP/0.9\r\n", .unsupportedVersion),
        ("GET / http/1.1\r\n", .malformedVersion),
        ("GET / HTTP/1.10\r\n", .malformedVersion),
        ("GET / HTTP/11\r\n", .malformedVersion),
        ("GET / \r\n", .malformedVersion),
        ("GET logs HTTP/1.1\r\n", .invalidTarget),
        ("GET * HTTP/1.1\r\n", .invalidTarget),
        ("GET /a#b HTTP/1.1\r\n", .invalidTarget),
        ("GET /ä HTTP/1.1\r\n", .invalidTarget),
        ("GET ftp://a/ HTTP/1.1\r\n", .invalidTarget),
        ("GET http:///x HTTP/1.1\r\n", .invalidTarget),
        ("GET http://user@a/x HTTP/1.1\r\n", .invalidTarget),
        ("CONNECT a:443 HTTP/1.1\r\n", .unsupportedMethod),
        ("GET / HTTP/1.1\r\n Host: a\r\n", .foldedLine),
        ("GET / HTTP/1.1\r\nHost: a\r\n\tb\r\n", .foldedLine),
        ("GET / HTTP/1.1\r\nHost\r\n", .malformedField),
        ("GET / HTTP/1.1\r\nHost : a\r\n", .invalidFieldName),
        ("GET / HTTP/1.1\r\n: a\r\n", .invalidFieldName),
        ("GET / HTTP/1.1\r\nHöst: a\r\n", .invalidFieldName),
        ("GET / HTTP/1.1\r\nHost: a\u{0}\r\n", .controlCharacter),
        ("GET / HTTP/1.1\r\nHost: a\u{7F}\r\n", .controlCharacter),
        ("GET / HTTP/1.1\r\nHost: a\nB: c\r\n", .bareLineFeed),
        ("GET / HTTP/1.1\r\nHost: a\rB: c\r\n", .bareCarriageReturn),
        ("GET / HTTP/1.1\r\r\n", .bareCarriageReturn),
        ("GET / HTTP/1.1\r\n\r\n", .missingHost),
        ("GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n", .duplicateHost),
        ("GET / HTTP/1.0\r\nHost: a\r\nhost: b\r\n\r\n", .duplicateHost),
        ("GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", .invalidHost),
        ("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", .invalidHost),
        ("GET / HTTP/1.1\r\nHost: u@b\r\n\r\n", .invalidHost),
        ("GET / HTTP/1.1\r\nHost: a:b\r\n\r\n", .invalidHost),
        ("GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", .invalidHost),
    ])
    func whatIsMalformedIsRefused(text: String, fault: HeadFault) {
        #expect(readRequest(text) == .refused(fault))
    }

    @Test(arguments: [
        ("Content-Length: 5\r\nContent-Length: 5", HeadFault.duplicateContentLength),
        ("Content-Length: 5\r\nContent-Length: 6", .duplicateContentLength),
        ("Content-Length: 5, 5", .duplicateContentLength),
        ("Content-Length: +5", .invalidContentLength),
        ("Content-Length: -1", .invalidContentLength),
        ("Content-Length: 0x5", .invalidContentLength),
        ("Content-Length: 5 5", .invalidContentLength),
        ("Content-Length:", .invalidContentLength),
        ("Content-Length: 9223372036854775808", .invalidContentLength),
        ("Content-Length: 5\r\nTransfer-Encoding: chunked", .contentLengthWithTransferEncoding),
        ("Transfer-Encoding: gzip", .chunkedNotLast),
        ("Transfer-Encoding:", .chunkedNotLast),
        ("Transfer-Encoding: chunked, gzip", .chunkedNotLast),
        ("Transfer-Encoding: chunked, chunked", .chunkedNotLast),
        ("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", .chunkedNotLast),
        ("Transfer-Encoding: xchunked", .chunkedNotLast),
        ("Transfer-Encoding: gzip, chunked", .unsupportedTransferCoding),
        ("Transfer-Encoding: identity\r\nTransfer-Encoding: chunked", .unsupportedTransferCoding),
    ])
    func lengthsThatCanBeReadInTwoWaysAreRefused(fields: String, fault: HeadFault) {
        #expect(readRequest("POST / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n") == .refused(fault))
    }

    @Test func chunkedIsNotForHTTP10() {
        let text = "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"
        #expect(readRequest(text) == .refused(.transferEncodingBeforeHTTP11))
    }

    @Test(arguments: [
        ("Content-Length: 0", BodyLength.none), ("Content-Length: 0042", .length(42)),
        ("Content-Length: \t7 ", .length(7)), ("Transfer-Encoding: Chunked", .chunked),
        ("transfer-encoding: , chunked", .chunked), ("X: y", .none),
    ])
    func lengthsAreUnderstood(fields: String, length: BodyLength) {
        #expect(requestHead("POST / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n")?.bodyLength == length)
    }

    @Test(arguments: [
        ("GET http://a.example/x?y=1", "/x", "y=1"), ("GET wss://a:1", "/", nil), ("GET HTTP://a?q", "/", "q"),
        ("OPTIONS *", "*", nil), ("GET /%2e%2e//x?", "/%2e%2e//x", ""), ("GET /?a?b", "/", "a?b"),
        ("GET /?j={\"a\":[1]}|^", "/", "j={\"a\":[1]}|^"), ("GET http://[::1]:80/l", "/l", nil),
    ])
    func targetsGivePathAndQuery(line: String, path: String, query: String?) throws {
        let head = try #require(requestHead("\(line) HTTP/1.1\r\nHost: a\r\n\r\n"))
        #expect(head.path == path)
        #expect(head.query == query)
    }

    @Test(arguments: ["", "a", "a.b:80", "[::1]:8080", "a:", "127.0.0.1"])
    func hostsInAllTheirFormsPass(host: String) {
        #expect(requestHead("GET / HTTP/1.1\r\nHost:\(host)\r\n\r\n")?.headers["host"] == host)
    }

    @Test(arguments: [
        ("1.1", "X: y", true), ("1.1", "Connection: close", false), ("1.1", "Connection: a, Close", false),
        ("1.0", "X: y", false), ("1.0", "Connection: Keep-Alive", true), ("1.9", "X: y", true),
        ("1.0", "Connection: keep-alive, close", false),
    ])
    func keepAliveFollowsTheVersionAndConnection(version: String, field: String, expected: Bool) {
        #expect(requestHead("GET / HTTP/\(version)\r\nHost: a\r\n\(field)\r\n\r\n")?.keepAlive == expected)
    }

    @Test func theHeadMayBeExactlyAsLongAsTheLimit() {
        let text = "GET / HTTP/1.0\r\nA: b\r\n\r\n"
        #expect(readRequest(text, limits: HeadLimits(maxBytes: text.utf8.count)) != .refused(.headTooLong))
        #expect(readRequest(text, limits: HeadLimits(maxBytes: text.utf8.count - 1)) == .refused(.headTooLong))
        #expect(readRequest(text, limits: HeadLimits(maxBytes: 10)) == .refused(.requestLineTooLong))
    }

    @Test func aMegabyteOfHeadersIsRefusedAtTheLimit() {
        let text = "GET / HTTP/1.1\r\nX: " + String(repeating: "a", count: 1 << 20)
        let bytes = Array(text.utf8)
        var reader = RequestHeadReader()
        var offset = 0
        guard case .refused(431, .headTooLong) = reader.next(bytes.span.bytes, at: &offset) else {
            return #expect(Bool(false))
        }
        #expect(offset == 16 * 1024)
    }

    @Test func fieldsAreCounted() {
        let text = "GET / HTTP/1.0\r\nA: b\r\nC: d\r\n\r\n"
        #expect(readRequest(text, limits: HeadLimits(maxFields: 1)) == .refused(.tooManyFields))
        #expect(readRequest(text, limits: HeadLimits(maxFields: 2)) != .refused(.tooManyFields))
    }

    @Test func everyFaultHasAStatusAndWords() {
        for fault in HeadFault.allCases {
            #expect([400, 414, 431, 501, 505].contains(fault.status))
            #expect(!fault.description.isEmpty)
        }
    }
}
