/// What a log is and what may happen to it. `max_len` is judged where messages are joined, long before this.
package enum LogPolicy {
    /// Judges a whole message.
    ///
    /// UTF-8 goes before JSON: a message with both faults is one that is not UTF-8. With `raw`, nothing is looked at
    /// but whether there is anything; UTF-8 of its text messages is the connection's business (RFC 6455).
    @inline(__always)
    package static func judge(_ text: borrowing PaddedText, kind: PayloadKind, codec: Codec) -> Judgement {
        if text.count == 0 { return .drop(.empty) }
        if codec == .raw { return .relay(timestamp: nil) }
        if text[0] == UInt8(ascii: "{"), text[1] == UInt8(ascii: "\"") { return judgeObject(text, kind: kind) }
        let start = text.firstSignificant()
        guard text[start] == UInt8(ascii: "{") else {
            guard let growth = text.escapeGrowth() else { return notUTF8(kind) }
            return .wrap(growth: growth)
        }
        return judgement(JSONScanner.scan(text, from: start), of: text, kind: kind)
    }

    /// What begins with a brace and a quote, and is mostly over when its plain members are.
    @inline(__always)
    private static func judgeObject(_ text: borrowing PaddedText, kind: PayloadKind) -> Judgement {
        let marks = unsafe text.marks
        let members = unsafe PlainMembers.run(text.base, marks: marks, from: 1, timestamp: nil)
        guard case .closed = members.end, members.at == text.count else {
            return unsafe judgement(
                JSONScanner.scan(text, marks: marks, from: 0, behind: members),
                of: text,
                kind: kind
            )
        }
        guard let timestamp = members.timestamp else { return .addTimestamp(open: 0, isEmpty: false) }
        return .relay(timestamp: timestamp)
    }

    @inline(never)
    private static func judgement(
        _ scan: JSONScan,
        of text: borrowing PaddedText,
        kind: PayloadKind
    ) -> Judgement {
        switch scan {
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
