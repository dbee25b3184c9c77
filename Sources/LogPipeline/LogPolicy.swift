/// What a log is and what may happen to it. `max_len` is judged where messages are joined, long before this.
package enum LogPolicy {
    /// Judges a whole message.
    ///
    /// UTF-8 goes before JSON: a message with both faults is one that is not UTF-8. With `raw`, nothing is looked at
    /// but whether there is anything; UTF-8 of its text messages is the connection's business (RFC 6455).
    package static func judge(_ text: borrowing PaddedText, kind: PayloadKind, codec: Codec) -> Judgement {
        if text.count == 0 { return .drop(.empty) }
        if codec == .raw { return .relay(timestamp: nil) }
        let start = text.firstSignificant()
        guard text[start] == UInt8(ascii: "{") else {
            guard let growth = text.escapeGrowth() else { return notUTF8(kind) }
            return .wrap(growth: growth)
        }
        switch JSONScanner.scan(text, from: start) {
        case .object(let shape):
            if shape.timestamp != nil { return .relay(timestamp: shape.timestamp) }
            return .addTimestamp(open: shape.open, isEmpty: shape.isEmpty)
        case .invalidJSON(let position):
            return text.isUTF8(from: position) ? .drop(.invalidJSON) : notUTF8(kind)
        case .invalidUTF8:
            return notUTF8(kind)
        }
    }

    private static func notUTF8(_ kind: PayloadKind) -> Judgement {
        kind == .text ? .invalidUTF8Text : .drop(.invalidUTF8)
    }
}
