import HTTPWire

/// What a reader said about a whole stream of bytes.
enum Verdict: Equatable {
    case head(String)
    case refused(HeadFault)
    case needMore
}

/// Gives `bytes` to `body` in pieces that end at `cuts`.
func feed(_ bytes: [UInt8], cuts: [Int], _ body: (RawSpan, inout Int) -> Bool) {
    var start = 0
    for end in cuts + [bytes.count] where end >= start {
        let piece = Array(bytes[start..<end])
        var offset = 0
        while offset <= piece.count {
            guard body(piece.span.bytes, &offset) else { break }
        }
        start = end
    }
}

/// Reads heads, one after the other, and puts each into words.
func readRequests(_ bytes: [UInt8], cuts: [Int] = [], limits: HeadLimits = HeadLimits()) -> [Verdict] {
    var reader = RequestHeadReader(limits: limits)
    var verdicts: [Verdict] = []
    feed(bytes, cuts: cuts) { span, offset in
        if case .refused = verdicts.last { return false }
        switch reader.next(span, at: &offset) {
        case .needMore: return false
        case .head(let head):
            verdicts.append(.head(head.summary))
            return true
        case .refused(let status, let reason):
            verdicts.append(status == reason.status ? .refused(reason) : .needMore)
            return false
        }
    }
    return verdicts
}

func readRequest(_ text: String, limits: HeadLimits = HeadLimits()) -> Verdict {
    readRequests(Array(text.utf8), limits: limits).first ?? .needMore
}

/// The head of a request that is known to be well-formed.
func requestHead(_ text: String) -> RequestHead? {
    var reader = RequestHeadReader()
    let bytes = Array(text.utf8)
    var offset = 0
    guard case .head(let head) = reader.next(bytes.span.bytes, at: &offset) else { return nil }
    return head
}

extension RequestHead {
    var summary: String {
        "\(method) \(path) \(query ?? "-") \(version) \(bodyLength) \(keepAlive)"
            + headers.lines.map { "|\($0.name)=\($0.value)" }.joined()
    }
}
