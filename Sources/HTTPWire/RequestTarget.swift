/// The target of a request line (RFC 9112 section 3.2).
struct RequestTarget: Equatable {
    let path: String
    let query: String?

    /// Accepts origin-form, absolute-form and, for OPTIONS, asterisk-form.
    ///
    /// Any visible ASCII but `#` is let through: what RFC 3986 wants percent-encoded, browsers send as it is in a
    /// query, and nothing here decodes it.
    init(_ target: ArraySlice<UInt8>, method: String) throws(HeadFault) {
        guard !target.isEmpty, target.allSatisfy({ ASCII.isVisible($0) && $0 != UInt8(ascii: "#") }) else {
            throw .invalidTarget
        }
        guard method != "CONNECT" else { throw .unsupportedMethod }
        if target.elementsEqual("*".utf8) {
            guard method == "OPTIONS" else { throw .invalidTarget }
            (path, query) = ("*", nil)
            return
        }
        let local = target.first == UInt8(ascii: "/") ? target : try Self.pathOfAbsoluteForm(target)
        let mark = local.firstIndex(of: UInt8(ascii: "?"))
        let rawPath = local[..<(mark ?? local.endIndex)]
        path = rawPath.isEmpty ? "/" : String(decoding: rawPath, as: UTF8.self)
        query = mark.map { String(decoding: local[($0 + 1)...], as: UTF8.self) }
    }

    /// What follows the authority of `http://authority/path?query`.
    private static func pathOfAbsoluteForm(_ target: ArraySlice<UInt8>) throws(HeadFault) -> ArraySlice<UInt8> {
        guard let colon = target.firstIndex(of: ASCII.colon), target[(colon + 1)...].starts(with: "//".utf8),
            ["http", "https", "ws", "wss"].contains(where: { ASCII.equal(target[..<colon], ignoringCase: $0.utf8) })
        else { throw .invalidTarget }
        let rest = target[(colon + 3)...]
        let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
        guard end > rest.startIndex, isAuthority(rest[..<end]) else { throw .invalidTarget }
        return rest[end...]
    }

    /// `uri-host [":" port]` (RFC 9110 section 7.2): no user information, nothing of a path.
    static func isAuthority(_ text: ArraySlice<UInt8>) -> Bool {
        let host: ArraySlice<UInt8>
        let port: ArraySlice<UInt8>
        if text.first == UInt8(ascii: "[") {
            guard let close = text.firstIndex(of: UInt8(ascii: "]")) else { return false }
            host = text[(text.startIndex + 1)..<close]
            port = text[(close + 1)...]
            guard !host.isEmpty, host.allSatisfy({ ASCII.isVisible($0) && !"[]@/?\\".utf8.contains($0) }) else {
                return false
            }
        } else {
            let colon = text.firstIndex(of: ASCII.colon) ?? text.endIndex
            host = text[..<colon]
            port = text[colon...]
            guard host.allSatisfy(isOfRegisteredName) else {
                return false
            }
        }
        return port.isEmpty || (port.first == ASCII.colon && port.dropFirst().allSatisfy(ASCII.isDigit))
    }

    /// reg-name of RFC 3986 section 3.2.2: unreserved, percent and sub-delims, but no comma: `Host: a, b` is two.
    private static func isOfRegisteredName(_ byte: UInt8) -> Bool {
        if ASCII.isDigit(byte) || ASCII.isLetter(byte) { return true }
        switch byte {
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "%"),
            UInt8(ascii: "!"), UInt8(ascii: "$"), UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "("),
            UInt8(ascii: ")"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: ";"), UInt8(ascii: "="):
            return true
        default:
            return false
        }
    }
}
