import Admission

/// What a client of `sluice.v1` says about its numbers, in the query of its handshake: `session=ID&from=N`.
package struct ResumeRequest: Equatable, Sendable {
    /// Why a request is refused; said to the client.
    package enum Fault: Error, Equatable {
        case session
        case from
        case repeated

        package var text: String {
            switch self {
            case .session: "session has to be 1 to 128 of the characters A-Z a-z 0-9 . _ ~ -."
            case .from: "from has to be a number from 1 to 9007199254740991."
            case .repeated: "session and from may each be given once."
            }
        }
    }

    /// Nil: nothing is remembered of the connection.
    package private(set) var session: String?
    /// The number of the first message.
    package private(set) var from: UInt64 = 1

    /// Numbers stay below 2^53, beyond which JSON's are not exact everywhere.
    static let highest: UInt64 = 1 << 53 - 1
    static let longestSession = 128

    /// - Parameter query: what follows `?`, not decoded. Other parameters are somebody else's.
    package init(query: String?) throws(Fault) {
        var from: UInt64?
        for part in (query ?? "").utf8.split(separator: UInt8(ascii: "&")) {
            if let value = Self.value(of: "session=", in: part) {
                guard session == nil else { throw .repeated }
                session = try Self.session(value)
            } else if let value = Self.value(of: "from=", in: part) {
                guard from == nil else { throw .repeated }
                from = try Self.number(value)
            }
        }
        self.from = from ?? 1
    }

    private static func value(of name: StaticString, in part: Substring.UTF8View) -> Substring.UTF8View? {
        let name = name.description.utf8
        return part.starts(with: name) ? part.dropFirst(name.count) : nil
    }

    private static func session(_ text: Substring.UTF8View) throws(Fault) -> String {
        guard let bytes = PercentEncoding.decode(text), (1...longestSession).contains(bytes.count),
            bytes.allSatisfy(isUnreserved)
        else { throw .session }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func number(_ text: Substring.UTF8View) throws(Fault) -> UInt64 {
        guard let bytes = PercentEncoding.decode(text), (1...16).contains(bytes.count),
            bytes.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { throw .from }
        let number = bytes.reduce(UInt64(0)) { $0 * 10 + UInt64($1 - UInt8(ascii: "0")) }
        guard (1...highest).contains(number) else { throw .from }
        return number
    }

    /// RFC 3986 section 2.3.
    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
