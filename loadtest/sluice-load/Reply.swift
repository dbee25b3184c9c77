internal import WebSocketWire

/// What a message of the server means to a sender.
enum Reply: Equatable, Sendable {
    /// One of its logs has come back.
    case echo(LogName)
    /// So many of the connection's messages are settled (`sluice.v1`).
    case ack(Int)
    /// A message was refused for a reason.
    case drop(message: Int, reason: String)
    /// The server has stopped reading, or goes on.
    case pause(Bool)
    case other
}

/// Understands whole messages of the server, for the profiles that listen.
struct ReplyReader {
    let listening: Profile.Listening
    /// The run's digits.
    let run: [UInt8]

    func read(_ message: RawSpan) -> Reply {
        switch listening {
        case .echoes: LogForm.name(message, run: run).map { .echo($0) } ?? .other
        case .acks: readAck(message)
        case .counting, .deaf: .other
        }
    }

    /// One object with one member, as `sluice.v1` has it.
    private func readAck(_ message: RawSpan) -> Reply {
        let text = unsafe message.withUnsafeBytes { unsafe String(decoding: $0.prefix(4_096), as: UTF8.self) }
        if let number = Self.number(text, after: #"{"ack":"#) { return .ack(number) }
        if text.hasPrefix(#"{"drop":"#), let number = Self.number(text, after: #""message":"#) {
            return .drop(message: number, reason: Self.word(text, after: #""reason":""#) ?? "?")
        }
        if text.hasPrefix(#"{"pause":"#) { return .pause(text.contains("true")) }
        return .other
    }

    private static func number(_ text: String, after name: String) -> Int? {
        guard let range = text.firstRange(of: name) else { return nil }
        return Int(text[range.upperBound...].prefix { $0.isNumber })
    }

    private static func word(_ text: String, after name: String) -> String? {
        guard let range = text.firstRange(of: name) else { return nil }
        return String(text[range.upperBound...].prefix { $0 != "\"" })
    }
}
