/// Header values that are lists (RFC 9110 section 5.6).
enum HeaderList {
    /// The tokens of a comma-separated list, or nil when something in it is no token or nothing is in it. Empty
    /// elements are passed over, as section 5.6.1.2 demands.
    static func tokens(_ value: String) -> [String]? {
        let elements = value.utf8.split(separator: UInt8(ascii: ",")).map(trimmed).filter { !$0.isEmpty }
        guard !elements.isEmpty, elements.allSatisfy({ $0.allSatisfy(isTokenCharacter) }) else { return nil }
        return elements.map { String(decoding: $0, as: UTF8.self) }
    }

    /// Whether the list has this token, in upper or lower case.
    static func contains(_ token: String, in value: String?) -> Bool {
        guard let value, let tokens = tokens(value) else { return false }
        return tokens.contains { $0.lowercased() == token }
    }

    /// Whether a value of `Sec-WebSocket-Extensions` follows the grammar of RFC 6455 section 9.1.
    static func isExtensionList(_ value: String) -> Bool {
        var scanner = Scanner(rest: Substring(value).utf8)
        var isEmpty = true
        while true {
            scanner.skipSpace()
            if scanner.skip(",") { continue }
            if scanner.isAtEnd { return !isEmpty }
            guard scanner.skipExtension() else { return false }
            isEmpty = false
            guard scanner.isAtEnd || scanner.skip(",") else { return false }
        }
    }

    static func isTokenCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }

    private static func trimmed(_ value: Substring.UTF8View) -> Substring.UTF8View {
        var value = value.drop(while: isSpace)
        while let last = value.last, isSpace(last) { value.removeLast() }
        return value
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private struct Scanner {
        var rest: Substring.UTF8View

        var isAtEnd: Bool { rest.isEmpty }

        mutating func skipSpace() {
            rest = rest.drop(while: isSpace)
        }

        mutating func skip(_ character: Unicode.Scalar) -> Bool {
            guard rest.first == UInt8(ascii: character) else { return false }
            rest.removeFirst()
            return true
        }

        /// A name and its parameters, with the space behind them.
        mutating func skipExtension() -> Bool {
            guard skipToken() else { return false }
            skipSpace()
            while skip(";") {
                skipSpace()
                guard skipToken() else { return false }
                skipSpace()
                if skip("=") {
                    skipSpace()
                    guard skipToken() || skipQuotedToken() else { return false }
                    skipSpace()
                }
            }
            return true
        }

        private mutating func skipToken() -> Bool {
            let behind = rest.drop(while: isTokenCharacter)
            defer { rest = behind }
            return behind.count < rest.count
        }

        /// Between the quotes stands a token as well (RFC 6455 section 9.1), so that no escape is needed.
        private mutating func skipQuotedToken() -> Bool {
            skip("\"") && skipToken() && skip("\"")
        }
    }
}
