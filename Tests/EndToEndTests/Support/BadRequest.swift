/// A request that must not become a WebSocket connection, and what may answer it.
struct BadRequest {
    let name: String
    let bytes: [UInt8]
    let statuses: Set<Int>

    private init(_ name: String, _ text: String, _ statuses: Int...) {
        self.name = name
        bytes = Array(text.utf8)
        self.statuses = Set(statuses)
    }

    private static let upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\n"
    private static let version = "Sec-WebSocket-Version: 13\r\n"
    private static let key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    private static let whole = "Host: h\r\n" + upgrade + version + key + "\r\n"

    static let all = [
        BadRequest("garbage", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\r\n\r\n", 400),
        BadRequest("text", "good morning\r\n\r\n", 400),
        BadRequest("no upgrade", "GET /logs HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", 426),
        BadRequest("unknown path", "GET /nowhere HTTP/1.1\r\n" + whole, 404),
        BadRequest("no host", "GET /logs HTTP/1.1\r\n" + upgrade + version + key + "\r\n", 400),
        BadRequest("two hosts", "GET /logs HTTP/1.1\r\nHost: a\r\n" + whole, 400),
        BadRequest("no key", "GET /logs HTTP/1.1\r\nHost: h\r\n" + upgrade + version + "\r\n", 400),
        BadRequest(
            "short key",
            "GET /logs HTTP/1.1\r\nHost: h\r\n" + upgrade + version + "Sec-WebSocket-Key: c2hvcnQ=\r\n\r\n",
            400
        ),
        BadRequest(
            "old version",
            "GET /logs HTTP/1.1\r\nHost: h\r\n" + upgrade + key + "Sec-WebSocket-Version: 8\r\n\r\n",
            426,
            400
        ),
        BadRequest("HTTP/1.0", "GET /logs HTTP/1.0\r\n" + whole, 400, 426, 505),
        BadRequest("POST", "POST /logs HTTP/1.1\r\nContent-Length: 0\r\n" + whole, 400, 405, 426),
        BadRequest("space before the colon", "GET /logs HTTP/1.1\r\nX : y\r\n" + whole, 400),
        BadRequest("folded header", "GET /logs HTTP/1.1\r\nX: y\r\n z\r\n" + whole, 400),
        BadRequest("bare CR in a value", "GET /logs HTTP/1.1\r\nX: a\rb\r\n" + whole, 400),
        BadRequest("NUL in a value", "GET /logs HTTP/1.1\r\nX: a\u{0}b\r\n" + whole, 400),
        BadRequest(
            "two lengths",
            "POST /logs HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n" + whole,
            400
        ),
        BadRequest(
            "a header of 1 MiB",
            "GET /logs HTTP/1.1\r\nX: " + String(repeating: "x", count: 1 << 20) + "\r\n" + whole,
            400,
            431
        ),
        BadRequest(
            "a target of 1 MiB",
            "GET /" + String(repeating: "x", count: 1 << 20) + " HTTP/1.1\r\n" + whole,
            400,
            414,
            431
        ),
    ]
}
