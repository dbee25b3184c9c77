import CSimdJSON
import LogPipeline

/// What simdjson says about a message, for comparison with `LogPolicy`.
enum Oracle {
    /// Changes what RFC 8259 allows and simdjson 3.0 refuses, so that both must agree on the rest: numbers that no
    /// double or 64-bit integer holds (runs of digits are cut to two), escaped surrogates without their partner.
    /// What remains apart is nesting: bounded here at 512, there at 1,024.
    static func narrowed(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var at = 0
        var digits = 0
        while at < bytes.count {
            let byte = bytes[at]
            if byte == UInt8(ascii: "\\"), at + 2 < bytes.count {
                let isSurrogate = bytes[at + 1] == UInt8(ascii: "u") && bytes[at + 2] | 0x20 == UInt8(ascii: "d")
                let length = bytes[at + 1] == UInt8(ascii: "u") ? min(6, bytes.count - at) : 2
                result += bytes[at..<at + length]
                if isSurrogate { result[result.count - length + 2] = UInt8(ascii: "c") }
                at += length
                digits = 0
                continue
            }
            digits = (0x30...0x39).contains(byte) ? digits + 1 : 0
            if digits <= 2 { result.append(byte) }
            at += 1
        }
        return result
    }

    /// Why the judgement contradicts simdjson, or nil when it does not.
    static func contradiction(_ bytes: [UInt8], _ judgement: Judgement) -> String? {
        let isUTF8 = bytes.withUnsafeBufferPointer { simdjson_is_utf8($0.baseAddress, $0.count) } == 1
        switch judgement {
        case .drop(.invalidUTF8), .invalidUTF8Text:
            return isUTF8 ? "is UTF-8" : nil
        case .drop(.empty):
            return bytes.isEmpty ? nil : "is not empty"
        case _ where !isUTF8:
            return "is not UTF-8"
        case .drop(.invalidJSON):
            return members(bytes, "timestamp") < 0 ? nil : "is an object"
        case .addTimestamp(let open, let isEmpty):
            if bytes[open] != UInt8(ascii: "{") { return "has its brace elsewhere" }
            if isEmpty != (members(bytes, "timestamp") == 0 && isEmptyObject(bytes)) { return "differs in emptiness" }
            return members(bytes, "timestamp") == 0 ? nil : "has a timestamp or is no object"
        case .relay(let timestamp):
            guard let timestamp else { return "was not looked at" }
            if members(bytes, "timestamp") < 1 { return "has no timestamp" }
            return check(Array(bytes[timestamp])) == 0 ? nil : "has its timestamp elsewhere"
        case .wrap:
            return bytes.first { !isSpace($0) } == UInt8(ascii: "{") ? "begins as an object" : nil
        case .drop:
            return "is dropped for no reason"
        }
    }

    static func check(_ bytes: [UInt8]) -> CInt {
        bytes.withUnsafeBufferPointer { simdjson_check($0.baseAddress, $0.count) }
    }

    private static func members(_ bytes: [UInt8], _ name: String) -> CInt {
        bytes.withUnsafeBufferPointer { simdjson_members($0.baseAddress, $0.count, name) }
    }

    private static func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }

    private static func isEmptyObject(_ bytes: [UInt8]) -> Bool {
        bytes.filter { !isSpace($0) } == [UInt8(ascii: "{"), UInt8(ascii: "}")]
    }
}
