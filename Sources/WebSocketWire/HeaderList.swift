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
        guard let value else { return false }
        // Most often it is all there is.
        if isSame(value.utf8, token.utf8) { return true }
        guard let tokens = tokens(value) else { return false }
        return tokens.contains { $0.lowercased() == token }
    }

    /// Whether they differ in nothing but the case of ASCII letters.
    ///
    /// - Parameter token: in lower case.
    private static func isSame(_ value: String.UTF8View, _ token: String.UTF8View) -> Bool {
        guard value.count == token.count else { return false }
        return zip(value, token).allSatisfy { byte, wanted in
            byte == wanted || (byte | 0x20 == wanted && wanted >= UInt8(ascii: "a") && wanted <= UInt8(ascii: "z"))
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

    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
