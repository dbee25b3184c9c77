/// What fills a log up to its size: words such as logs have, with numbers between them.
enum Padding {
    private static let words = [
        "request", "completed", "in", "user", "session", "opened", "from", "cache", "miss", "for", "key", "retry",
        "after", "timeout", "status", "bytes", "GET", "/api/v1/orders", "upstream", "connection", "closed", "by",
        "peer",
        "worker", "started", "queue", "length", "payment", "accepted", "error", "while", "reading", "header", "from",
        "level=info", "duration_ms=",
    ]

    /// So many bytes that need no escaping in JSON, always the same; longer ones begin with shorter ones.
    static func text(_ count: Int) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(count + 32)
        var place: UInt64 = 0
        while text.count < count {
            let random = Mixing.mix(7, place)
            place += 1
            text.append(UInt8(ascii: " "))
            text += random & 3 == 0 ? Array("\(random >> 40)".utf8) : Array(words[Int(random >> 8) % words.count].utf8)
        }
        return Array(text.prefix(count))
    }
}
