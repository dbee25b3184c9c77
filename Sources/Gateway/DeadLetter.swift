import Crypto
import LogPipeline
import Telemetry

/// A refused log, as the record that tells of it.
struct DeadLetter {
    let reason: DropReason
    /// Bytes of the log that were seen.
    let size: Int
    /// Whether these are all it had.
    let isWhole: Bool
    /// What it was measured against, bytes; 0 for nothing.
    let limit: Int
    /// Empty where several routes may have been its way.
    let route: String
    /// The client's address; nil where nobody knows it any more.
    let peer: String?
    /// SHA-256 of the bytes that were seen.
    let digest: [UInt8]
    /// The first of them; nil where they are not wanted.
    let content: [UInt8]?

    /// - Parameter unixMilliseconds: when it was refused.
    func json(at unixMilliseconds: Int64) -> [UInt8] {
        let moment = RFC3339.text(unixMilliseconds: unixMilliseconds)
        var json = "{\"timestamp\":\"" + String(decoding: moment.span.indices.map { moment[$0] }, as: UTF8.self)
        json += "\",\"reason\":\"\(reason.label)\",\"size\":\(size),\"whole\":\(isWhole)"
        if limit > 0 { json += ",\"limit\":\(limit)" }
        if !route.isEmpty { json += ",\"route\":\(JSONText.quoted(route))" }
        if let peer { json += ",\"peer\":\(JSONText.quoted(peer))" }
        json += ",\"sha256\":\"\(Self.hex(digest))\""
        if let content {
            if let words = text(of: content) {
                json += ",\"content\":\(JSONText.quoted(words))"
            } else {
                json += ",\"content_base64\":\"\(Base64.encode(content))\""
            }
        }
        return Array((json + "}").utf8)
    }

    /// Nil for what is not UTF-8. A character that the cut has halved is left out.
    private func text(of content: [UInt8]) -> String? {
        let mostCut = content.count < size ? min(3, content.count) : 0
        for cut in 0...mostCut {
            if let text = String(validating: content.dropLast(cut), as: UTF8.self) { return text }
        }
        return nil
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        bytes.reduce(into: "") { $0 += ($1 < 16 ? "0" : "") + String($1, radix: 16) }
    }
}
