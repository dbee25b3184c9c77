/// Reads one JSON text, strictly (RFC 8259): for tokens and keys, where two readers that understand a text differently
/// are a hole. So no member twice, no escaped surrogate alone, no number that a double cannot hold, little nesting.
struct JSONReader {
    static let maximumDepth = 32

    private let bytes: [UInt8]
    private var at = 0
    private var depth = 0

    static func read(_ bytes: [UInt8]) throws(JSONFault) -> JSONValue {
        guard String(validating: bytes, as: UTF8.self) != nil else { throw .invalidUTF8 }
        var reader = JSONReader(bytes: bytes)
        let value = try reader.value()
        guard reader.at == bytes.count else { throw .malformed(at: reader.at) }
        return value
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var next: UInt8? { at < bytes.count ? bytes[at] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { at += 1 }
    }

    private mutating func take(_ byte: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: byte) else { return false }
        at += 1
        return true
    }

    private mutating func expect(_ byte: Unicode.Scalar) throws(JSONFault) {
        guard take(byte) else { throw .malformed(at: at) }
    }

    /// With the space around it.
    private mutating func value() throws(JSONFault) -> JSONValue {
        skipSpace()
        let value = try bareValue()
        skipSpace()
        return value
    }

    private mutating func bareValue() throws(JSONFault) -> JSONValue {
        switch next {
        case UInt8(ascii: "{"): return .object(try nested { reader throws(JSONFault) in try reader.object() })
        case UInt8(ascii: "["): return .array(try nested { reader throws(JSONFault) in try reader.array() })
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func nested<Value>(
        _ read: (inout JSONReader) throws(JSONFault) -> Value
    ) throws(JSONFault) -> Value {
        guard depth < JSONReader.maximumDepth else { throw .tooDeep(at: at) }
        depth += 1
        at += 1
        let value = try read(&self)
        depth -= 1
        return value
    }

    /// Behind the opening brace.
    private mutating func object() throws(JSONFault) -> JSONObject {
        var members: [JSONObject.Member] = []
        var names: Set<[UInt8]> = []
        skipSpace()
        if take("}") { return JSONObject(members: []) }
        while true {
            skipSpace()
            let start = at
            let name = try string()
            guard names.insert(Array(name.utf8)).inserted else { throw .repeatedMember(at: start) }
            skipSpace()
            try expect(":")
            members.append(JSONObject.Member(name: name, value: try value()))
            if take("}") { return JSONObject(members: members) }
            try expect(",")
        }
    }

    /// Behind the opening bracket.
    private mutating func array() throws(JSONFault) -> [JSONValue] {
        var values: [JSONValue] = []
        skipSpace()
        if take("]") { return [] }
        while true {
            values.append(try value())
            if take("]") { return values }
            try expect(",")
        }
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(JSONFault) -> JSONValue {
        guard bytes[at...].starts(with: word.utf8) else { throw .malformed(at: at) }
        at += word.utf8.count
        return value
    }

    private mutating func number() throws(JSONFault) -> Double {
        let start = at
        _ = take("-")
        if !take("0") { try digits() }
        if take(".") { try digits() }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            try digits()
        }
        guard let number = Double(String(decoding: bytes[start..<at], as: UTF8.self)), number.isFinite else {
            throw .malformed(at: start)
        }
        return number
    }

    private mutating func digits() throws(JSONFault) {
        guard let first = next, ASCII.isDigit(first) else { throw .malformed(at: at) }
        while let byte = next, ASCII.isDigit(byte) { at += 1 }
    }

    private mutating func string() throws(JSONFault) -> String {
        try expect("\"")
        var text: [UInt8] = []
        while true {
            guard let byte = next, byte >= 0x20 else { throw .malformed(at: at) }
            at += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): text += try escape()
            default: text.append(byte)
            }
        }
    }

    /// Behind the backslash.
    private mutating func escape() throws(JSONFault) -> [UInt8] {
        guard let byte = next else { throw .malformed(at: at) }
        at += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): return Array(String(Character(try escapedScalar())).utf8)
        default: throw .malformed(at: at - 1)
        }
    }

    /// Behind `\u`; a pair of surrogates is one scalar.
    private mutating func escapedScalar() throws(JSONFault) -> Unicode.Scalar {
        let start = at
        var value = try hexadecimal()
        if value >= 0xD800, value < 0xDC00 {
            try expect("\\")
            try expect("u")
            let low = try hexadecimal()
            guard low >= 0xDC00, low < 0xE000 else { throw .malformed(at: start) }
            value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(value) else { throw .malformed(at: start) }
        return scalar
    }

    private mutating func hexadecimal() throws(JSONFault) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = ASCII.hexValue(byte) else { throw .malformed(at: at) }
            value = value << 4 | UInt32(digit)
            at += 1
        }
        return value
    }
}
