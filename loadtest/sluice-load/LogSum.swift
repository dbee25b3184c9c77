/// The checksum in a log. Not a secret's guard: it sees a byte that changed, moved, came or went.
///
/// In parts, so that a sender computes what is the same for all logs, and for all of one moment, once.
enum LogSum {
    private static let prime: UInt64 = 0x9E37_79B9_7F4A_7C15
    /// Before it stands nothing of connection and number.
    private static let headEnd = 72

    /// Over what stands behind the sum, and over how much that is.
    static func rest(_ log: RawSpan) -> UInt64 {
        var sum = step(prime, UInt64(log.byteCount))
        var at = LogForm.paddingAt
        while at + 8 <= log.byteCount {
            sum = step(sum, word(log, at))
            at += 8
        }
        while at < log.byteCount {
            sum = step(sum, UInt64(unsafe log.unsafeLoad(fromByteOffset: at, as: UInt8.self)))
            at += 1
        }
        return sum
    }

    /// Goes on over timestamp and run.
    static func head(_ log: RawSpan, rest: UInt64) -> UInt64 {
        var sum = rest
        var at = 0
        while at < headEnd {
            sum = step(sum, word(log, at))
            at += 8
        }
        return sum
    }

    /// Goes on over connection and number. The log has at least `LogForm.minSize` bytes.
    static func whole(_ log: RawSpan, head: UInt64) -> UInt32 {
        var sum = step(head, word(log, headEnd))
        sum = step(sum, word(log, headEnd + 8))
        sum = step(sum, word(log, LogForm.sumAt - 8))
        return UInt32(truncatingIfNeeded: sum ^ sum >> 32)
    }

    /// Over the whole log but the sum itself.
    static func of(_ log: RawSpan) -> UInt32 { whole(log, head: head(log, rest: rest(log))) }

    /// One to one in each of its two: no change of a single word is lost on the way.
    private static func step(_ sum: UInt64, _ word: UInt64) -> UInt64 {
        let mixed = (sum ^ word) &* prime
        return mixed ^ mixed >> 29
    }

    private static func word(_ log: RawSpan, _ at: Int) -> UInt64 {
        UInt64(littleEndian: unsafe log.unsafeLoadUnaligned(fromByteOffset: at, as: UInt64.self))
    }
}
