/// Logs as they come: alike, and never the same.
package enum LogTexts {
    /// JSON of this many bytes, or a few more when that is too little for one.
    package static func json(_ number: Int, bytes: Int = 200) -> [UInt8] {
        var random = SeededRandom(seed: UInt64(number))
        let verbs = ["GET", "POST", "PUT", "DELETE"]
        let words = [
            "timeout", "accepted", "connection", "upstream", "retry", "cache", "miss", "hit", "user", "session",
            "token", "index", "shard", "queue", "worker", "flush",
        ]
        let moment = "\(10 + number / 60_000 % 50):\(10 + number / 1_000 % 50).\(100 + number % 900)Z"
        let verb = verbs[Int(random.next() % 4)]
        let status = [200, 204, 304, 404, 500][Int(random.next() % 5)]
        var text = "{\"timestamp\":\"2026-03-01T12:\(moment)\",\"message\":\"\(verb) /v1/items/"
        text += "\(random.next() % 100_000) \(status) \(random.next() % 900)ms"
        while text.utf8.count < bytes - 2 { text += " \(words[Int(random.next() % 16)])" }
        return Array(text.utf8.prefix(max(bytes - 2, text.utf8.count / 2))) + Array("\"}".utf8)
    }
}
