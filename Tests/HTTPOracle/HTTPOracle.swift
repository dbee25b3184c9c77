import HTTPWire

/// One input of the fuzzer, or of its corpus, held against everything that must be true of it.
///
/// The first byte says what the rest is: a coded body where the highest five bits are set, else bits 0 and 1 the subject,
/// bit 2 whether limits are small. All of it is a seed for the cuts.
package enum HTTPOracle {
    /// - Returns: what is wrong, or nil.
    package static func check(_ input: [UInt8]) -> String? {
        guard let control = input.first else { return nil }
        let bytes = Array(input.dropFirst())
        if control >= 0xF8 { return GzipOracle.check(bytes, seed: bytes.first ?? control) }
        let isTight = control & 4 != 0
        let subject: Transcript.Subject =
            switch control & 3 {
            case 0, 1: .requests
            case 2: .responses
            default: .chunkedBody
            }
        let limits = isTight ? HeadLimits(maxBytes: 64, maxFields: 3) : HeadLimits()
        let body = isTight ? BodyLimits(maxBytes: 16, maxOverhead: 24) : BodyLimits(maxBytes: 1 << 20)
        let whole = Transcript(subject, bytes, cuts: [], limits: limits, body: body)
        for cuts in [Cuts.chance(bytes.count, seed: control), Array(0...bytes.count)] {
            let pieces = Transcript(subject, bytes, cuts: cuts, limits: limits, body: body)
            if pieces != whole { return "cut at \(cuts): \(pieces) instead of \(whole)" }
        }
        return whole.requests.lazy.compactMap(faultOfAccepted).first
    }

    /// What was accepted leaves no room for a second reading, and reads the same when it is written again.
    private static func faultOfAccepted(_ head: RequestHead) -> String? {
        let lengths = head.headers.values("content-length")
        let codings = head.headers.values("transfer-encoding")
        if lengths.count + codings.count > 1 && !lengths.isEmpty { return "two lengths: \(head)" }
        if head.bodyLength == .chunked && codings.isEmpty { return "chunked by itself: \(head)" }
        if head.version == .http11 && head.headers.values("host").count != 1 { return "not one host: \(head)" }
        let texts = [head.method, head.target] + head.headers.lines.flatMap { [$0.name, $0.value] }
        if texts.contains(where: { $0.utf8.contains { ($0 < 0x20 && $0 != 0x09) || $0 == 0x7F } }) {
            return "a control character: \(texts)"
        }
        if texts.contains(where: { $0.contains("\u{FFFD}") }) { return nil }
        let again = Transcript(.requests, written(head), cuts: [], limits: HeadLimits(maxBytes: 1 << 20), body: nil)
        let summary = Transcript.summary(of: head)
        return again.requests.map(Transcript.summary) == [summary] ? nil : "\(summary) reads \(again) the second time"
    }

    private static func written(_ head: RequestHead) -> [UInt8] {
        let version = head.version == .http10 ? "HTTP/1.0" : "HTTP/1.1"
        let lines = head.headers.lines.map { "\($0.name):\($0.value)\r\n" }.joined()
        return Array("\(head.method) \(head.target) \(version)\r\n\(lines)\r\n".utf8)
    }
}
