/// The field lines of a head, in order. Names are compared without case (RFC 9110 section 5.1); values come without
/// the blanks around them; bytes that are not UTF-8 read as U+FFFD.
///
/// The head's bytes are kept once, and strings are made for those who ask.
package struct HeaderFields: Sendable {
    private struct Field {
        let name: Range<Int>
        let value: Range<Int>
    }

    private var bytes: [UInt8] = []
    private var fields: [Field] = []

    init() {}

    /// Number of field lines.
    package var count: Int { fields.count }

    /// The value of the first line with this name.
    package subscript(name: String) -> String? { slices(name).first.map { String(decoding: $0, as: UTF8.self) } }

    /// The values of all lines with this name, one for each line.
    package func values(_ name: String) -> [String] { slices(name).map { String(decoding: $0, as: UTF8.self) } }

    /// The members of a comma-separated list (RFC 9110 section 5.6.1) over all lines with this name, trimmed; empty
    /// members are skipped. A comma within quotes separates nothing.
    package func tokens(_ name: String) -> [String] {
        slices(name).flatMap { Self.members($0) }.map { String(decoding: $0, as: UTF8.self) }
    }

    /// Whether that list has this member, whatever its case: `Connection: keep-alive, Upgrade` has `upgrade`.
    package func hasToken(_ name: String, _ token: String) -> Bool {
        slices(name).contains { line in
            Self.members(line).contains { ASCII.equal($0, ignoringCase: token.utf8) }
        }
    }

    /// The values of all lines with this name as one list (RFC 9110 section 5.3); nil without such a line.
    package func joined(_ name: String) -> String? {
        let slices = slices(name)
        guard slices.count > 1 else { return slices.first.map { String(decoding: $0, as: UTF8.self) } }
        return slices.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ", ")
    }

    /// The raw values of all lines with this name.
    ///
    /// A handshake asks for a dozen names: lengths are compared before anything is sliced.
    func slices(_ name: String) -> [ArraySlice<UInt8>] {
        let wanted = name.utf8
        let length = wanted.count
        var found: [ArraySlice<UInt8>] = []
        for field in fields where field.name.count == length {
            guard ASCII.equal(bytes[field.name], ignoringCase: wanted) else { continue }
            found.append(bytes[field.value])
        }
        return found
    }

    /// Name and value of every line, in order.
    package var lines: [(name: String, value: String)] {
        fields.map {
            (String(decoding: bytes[$0.name], as: UTF8.self), String(decoding: bytes[$0.value], as: UTF8.self))
        }
    }

    /// Takes a line of `head` apart; `adopt` gives the bytes the ranges point into.
    mutating func add(line: Range<Int>, of head: [UInt8]) throws(HeadFault) {
        let text = head[line]
        guard let first = text.first, !ASCII.isBlank(first) else { throw .foldedLine }
        guard let colon = text.firstIndex(of: ASCII.colon) else { throw .malformedField }
        let name = text[..<colon]
        // A blank before the colon is no token either: RFC 9112 section 5.1 wants it refused.
        guard !name.isEmpty, name.allSatisfy(ASCII.isToken) else { throw .invalidFieldName }
        let value = ASCII.trimmed(text[(colon + 1)...])
        fields.append(
            Field(name: name.startIndex..<name.endIndex, value: value.startIndex..<value.endIndex)
        )
    }

    mutating func adopt(_ head: [UInt8]) { bytes = head }

    private static func members(_ line: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var quoted = false
        var escaped = false
        let parts = line.split(omittingEmptySubsequences: true) { byte in
            if escaped {
                escaped = false
            } else if quoted && byte == UInt8(ascii: "\\") {
                escaped = true
            } else if byte == UInt8(ascii: "\"") {
                quoted.toggle()
            }
            return byte == ASCII.comma && !quoted
        }
        return parts.map(ASCII.trimmed).filter { !$0.isEmpty }
    }
}
