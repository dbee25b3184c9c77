/// A request over a connection of its own.
enum HTTP {
    struct Response: Sendable {
        let status: Int
        let head: String
        let body: String
    }

    /// - Parameter seconds: how long it waits for an answer.
    static func get(_ path: String, port: Int, seconds: Int = 60) throws -> Response {
        let socket = try RawSocket(port: port, seconds: seconds)
        try socket.send("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n\r\n")
        return try parse(socket.receiveAll().text)
    }

    static func parse(_ text: String) throws -> Response {
        guard let end = text.firstRange(of: "\r\n\r\n") else { throw Failure("no HTTP response: \(text.prefix(200))") }
        let head = text[..<end.lowerBound]
        let words = head.prefix { $0 != "\r\n" }.split(separator: " ")
        guard words.count > 1, words[0] == "HTTP/1.1", let status = Int(words[1]) else {
            throw Failure("no status line: \(text.prefix(200))")
        }
        return Response(status: status, head: String(head), body: String(text[end.upperBound...]))
    }
}
