internal import Crypto

/// What both sides of the opening handshake need (RFC 6455 section 4).
package enum Handshake {
    /// The only version of the protocol there is (section 4.1).
    package static let version = "13"

    /// The value of `Sec-WebSocket-Accept` that answers a `Sec-WebSocket-Key` (section 4.2.2): proof that whoever
    /// answers read the key as one, and nothing more.
    package static func accept(key: String) -> String {
        Base64.encode(Digest.sha1.hash(Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8)))
    }

    /// Whether the key is 16 bytes in base64 (section 4.2.1). The four bits that belong to no byte may be anything:
    /// clients that invent their key as text do not care for them.
    static func isKey(_ key: String) -> Bool {
        let characters = Array(key.utf8)
        guard characters.count == 24, key.hasSuffix("==") else { return false }
        return characters.dropLast(2).allSatisfy(isBase64)
    }

    private static func isBase64(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
            true
        default: false
        }
    }
}
