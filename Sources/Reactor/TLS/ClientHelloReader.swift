/// What has come of a client's first message. Holds it until it is whole: a session, which costs a hundred times as
/// much, is not made for who begins and then says nothing.
struct ClientHelloReader: Sendable {
    enum Verdict: Equatable {
        case needMore
        /// A whole ClientHello, or too much of one to be held here: OpenSSL goes on.
        case ready
        case refused(TLSFault)
    }

    /// Bytes that are held at most: a record of the greatest length.
    static let limit = headerLength + longestFragment
    private static let headerLength = 5
    private static let longestFragment = 16 * 1024
    private static let typeOfHandshake: UInt8 = 22
    private static let typeOfClientHello: UInt8 = 1
    private static let requests = ["GET ", "POST ", "HEAD ", "PUT ", "OPTIONS ", "DELETE ", "PATCH "].map {
        Array($0.utf8)
    }

    /// What came, record headers included; none of it is changed.
    private(set) var held: [UInt8] = []
    /// Bytes of `held` that were looked at.
    private var seen = 0
    /// Where the header of the record being read began.
    private var record = 0
    /// Bytes of the message in this record and those before it, the four of its own header included.
    private var messageSeen = 0
    /// Of the same, once known.
    private var messageLength = 0

    /// How many bytes may be given to `take`.
    var room: Int { Self.limit - held.count }

    /// Says the same as before when nothing was added.
    mutating func take(_ bytes: UnsafeRawBufferPointer) -> Verdict {
        unsafe held += bytes
        guard let first = held.first else { return .needMore }
        if first != Self.typeOfHandshake { return judgeOther() }
        while seen < held.count {
            let verdict = look()
            if verdict != .needMore { return verdict }
        }
        return held.count >= Self.limit ? .ready : .needMore
    }

    /// Gives away what was held.
    mutating func giveAll() -> [UInt8] {
        defer { self = ClientHelloReader() }
        return held
    }

    /// One byte more; of a record's content, all that is there.
    private mutating func look() -> Verdict {
        let position = seen - record
        if position >= Self.headerLength { return lookIntoFragment() }
        let byte = held[seen]
        seen += 1
        switch position {
        case 0 where byte != Self.typeOfHandshake, 1 where byte != 3: return .refused(.noTLS)
        case Self.headerLength - 1:
            guard (1...Self.longestFragment).contains(fragmentLength) else { return .refused(.noTLS) }
        default: break
        }
        return .needMore
    }

    private var fragmentLength: Int { Int(held[record + 3]) << 8 + Int(held[record + 4]) }

    private mutating func lookIntoFragment() -> Verdict {
        let end = record + Self.headerLength + fragmentLength
        while messageSeen < 4, seen < min(end, held.count) {
            if messageSeen == 0 {
                guard held[seen] == Self.typeOfClientHello else { return .refused(.noTLS) }
                messageLength = 4
            } else {
                messageLength += Int(held[seen]) << (8 * (3 - messageSeen))
            }
            messageSeen += 1
            seen += 1
        }
        let part = min(end, held.count) - seen
        messageSeen += part
        seen += part
        guard seen == end else { return .needMore }
        // OpenSSL decrypts nothing before a record is whole: the message's end alone is not enough.
        if messageSeen >= 4, messageSeen >= messageLength { return .ready }
        record = end
        return .needMore
    }

    /// No record of TLS: a request without TLS, perhaps, which can be answered.
    private func judgeOther() -> Verdict {
        let request = Self.requests.first { $0.starts(with: held) || held.starts(with: $0) }
        guard let request else { return .refused(.noTLS) }
        return held.count < request.count ? .needMore : .refused(.plainHTTP)
    }
}
