/// What a log of ours looks like:
///
///     {"timestamp":"2025-11-21T08:25:48.123Z","message":"sluice-load RUN CONNECT NUMBER SUM padding"}
///
/// RUN is 8 hexadecimal digits; connection, from 0, has 6 decimal digits and number, from 1, has 10. SUM, 8
/// hexadecimal digits, is over every other byte of the log. Everything but the padding stands at a fixed place; the
/// padding is the beginning of one and the same text, about as hard to compress as logs are.
enum LogForm {
    static let opening: StaticString = "{\"timestamp\":\""
    static let middle: StaticString = "\",\"message\":\"sluice-load "
    static let closing: StaticString = "\"}"

    static let timestampAt = 14
    static let timestampSize = 24
    static let markAt = 51
    static let runAt = 63
    static let connectionAt = 72
    static let connectionDigits = 6
    static let numberAt = 79
    static let numberDigits = 10
    static let sumAt = 90
    static let paddingAt = 98

    /// Bytes of a log without padding.
    static let minSize = 100
    static let maxConnections = 1_000_000
    static let maxNumber = 9_999_999_999

    /// What stands in a record.
    enum Reading: Equatable {
        /// Nothing of this run.
        case foreign
        /// A log of this run, every byte of it as it was sent.
        case intact(connection: Int, number: Int)
        /// A log of this run that something has happened to, and which one it says it is, if that can be read.
        case damaged(LogName?)
    }

    /// Reads a record.
    ///
    /// - Parameters:
    ///   - run: the run's 8 digits.
    ///   - sizes: how long its logs are.
    static func read(_ record: RawSpan, run: [UInt8], sizes: SizeTable) -> Reading {
        guard record.byteCount >= minSize, has(run, in: record, at: runAt), hasMark(record, at: markAt) else {
            return readDamaged(record, run: run)
        }
        guard let connection = decimal(record, connectionAt, connectionDigits),
            let number = decimal(record, numberAt, numberDigits), number > 0,
            let sum = hexadecimal(record, sumAt),
            record.byteCount == sizes.size(connection: connection, number: number), sum == LogSum.of(record)
        else { return readDamaged(record, run: run) }
        return .intact(connection: connection, number: number)
    }

    /// Which log of the run a message is, as far as can be seen from its beginning: for what a server sends back.
    static func name(_ message: RawSpan, run: [UInt8]) -> LogName? {
        guard message.byteCount >= paddingAt, has(run, in: message, at: runAt), hasMark(message, at: markAt),
            let connection = decimal(message, connectionAt, connectionDigits),
            let number = decimal(message, numberAt, numberDigits)
        else { return nil }
        return LogName(connection: connection, number: number)
    }

    /// A record that is not a log of the run at its proper place may still hold one, wrapped, cut or damaged.
    private static func readDamaged(_ record: RawSpan, run: [UInt8]) -> Reading {
        var at = 0
        while at + 20 <= record.byteCount {
            defer { at += 1 }
            guard has(run, in: record, at: at + 12), hasMark(record, at: at) else { continue }
            guard at + numberAt - markAt + numberDigits <= record.byteCount,
                let connection = decimal(record, at + connectionAt - markAt, connectionDigits),
                let number = decimal(record, at + numberAt - markAt, numberDigits), number > 0
            else { return .damaged(nil) }
            return .damaged(LogName(connection: connection, number: number))
        }
        return .foreign
    }

    private static func hasMark(_ record: RawSpan, at start: Int) -> Bool {
        // "sluice-l" and "oad ".
        guard start + 12 <= record.byteCount else { return false }
        let head = unsafe record.unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self)
        let tail = unsafe record.unsafeLoadUnaligned(fromByteOffset: start + 8, as: UInt32.self)
        return UInt64(littleEndian: head) == 0x6C2D_6563_6975_6C73 && UInt32(littleEndian: tail) == 0x2064_616F
    }

    private static func has(_ text: [UInt8], in record: RawSpan, at start: Int) -> Bool {
        guard start + text.count <= record.byteCount else { return false }
        for index in text.indices where byte(record, start + index) != text[index] { return false }
        return true
    }

    private static func decimal(_ record: RawSpan, _ start: Int, _ digits: Int) -> Int? {
        var value = 0
        for index in start..<(start + digits) {
            let digit = byte(record, index) &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            value = value * 10 + Int(digit)
        }
        return value
    }

    private static func hexadecimal(_ record: RawSpan, _ start: Int) -> UInt32? {
        var value: UInt32 = 0
        for index in start..<(start + 8) {
            let byte = byte(record, index)
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            default: return nil
            }
            value = value << 4 | UInt32(digit)
        }
        return value
    }

    private static func byte(_ record: RawSpan, _ index: Int) -> UInt8 {
        unsafe record.unsafeLoad(fromByteOffset: index, as: UInt8.self)
    }
}
