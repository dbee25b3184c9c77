/// A media type and its charset (RFC 9110 section 8.3), names in small letters.
package struct ContentType: Equatable, Sendable {
    /// What the logs of a body look like.
    package enum Form: Equatable, Sendable {
        /// One JSON value.
        case json
        /// A JSON value on each line.
        case jsonLines
        case text
    }

    package let type: String
    package let subtype: String
    package let charset: String?

    package init?(_ text: String) { self.init(Array(text.utf8)[...]) }

    init?(_ bytes: ArraySlice<UInt8>) {
        let parts = Self.split(bytes, by: UInt8(ascii: ";"))
        let names = ASCII.trimmed(parts[0]).split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard names.count == 2, let type = Self.name(names[0]), let subtype = Self.name(names[1]) else { return nil }
        var charset: String?
        for part in parts.dropFirst() {
            let parameter = ASCII.trimmed(part)
            // RFC 9110 section 5.6.6 lets a semicolon stand for nothing.
            if parameter.isEmpty { continue }
            guard let equals = parameter.firstIndex(of: UInt8(ascii: "=")),
                let name = Self.name(parameter[..<equals]), let value = Self.value(parameter[(equals + 1)...])
            else { return nil }
            guard name == "charset" else { continue }
            guard charset == nil || charset == value.lowercased() else { return nil }
            charset = value.lowercased()
        }
        (self.type, self.subtype, self.charset) = (type, subtype, charset)
    }

    /// Whether the text is UTF-8, or is so when nobody says otherwise.
    package var isUTF8: Bool { charset.map { ["utf-8", "utf8", "us-ascii"].contains($0) } ?? true }

    /// nil of what carries no logs.
    package var form: Form? {
        switch (type, subtype) {
        case ("application", "json"), ("text", "json"): .json
        case ("application", "x-ndjson"), ("application", "ndjson"), ("application", "jsonl"),
            ("application", "x-jsonlines"), ("application", "jsonlines"):
            .jsonLines
        case ("text", "plain"): .text
        default: type == "application" && subtype.hasSuffix("+json") ? .json : nil
        }
    }

    private static func name(_ bytes: ArraySlice<UInt8>) -> String? {
        guard !bytes.isEmpty, bytes.allSatisfy(ASCII.isToken) else { return nil }
        return String(decoding: bytes.lazy.map(ASCII.lowercased), as: UTF8.self)
    }

    /// A token, or what stands in quotes.
    private static func value(_ bytes: ArraySlice<UInt8>) -> String? {
        guard bytes.first == UInt8(ascii: "\"") else {
            return !bytes.isEmpty && bytes.allSatisfy(ASCII.isToken) ? String(decoding: bytes, as: UTF8.self) : nil
        }
        guard bytes.count >= 2, bytes.last == UInt8(ascii: "\"") else { return nil }
        var inside: [UInt8] = []
        var isEscaped = false
        for byte in bytes.dropFirst().dropLast() {
            if !isEscaped && byte == UInt8(ascii: "\"") { return nil }
            isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
            if !isEscaped { inside.append(byte) }
        }
        return isEscaped ? nil : String(decoding: inside, as: UTF8.self)
    }

    /// At separators outside of quotes; at least one part.
    private static func split(_ bytes: ArraySlice<UInt8>, by separator: UInt8) -> [ArraySlice<UInt8>] {
        var isQuoted = false
        var isEscaped = false
        return bytes.split(omittingEmptySubsequences: false) { byte in
            if isEscaped {
                isEscaped = false
            } else if isQuoted && byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
            }
            return byte == separator && !isQuoted
        }
    }
}
