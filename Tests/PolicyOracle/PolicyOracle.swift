import CSimdJSON
package import LogPipeline

/// What simdjson says about a message, for comparison with `LogPolicy`; shared by the tests and the fuzzer.
package enum PolicyOracle {
    /// Changes what RFC 8259 allows and simdjson 3.0 refuses, so that both must agree on the rest: numbers that no
    /// double or 64-bit integer holds (runs of digits are cut to two), escaped surrogates without their partner.
    /// What remains apart is nesting: bounded here at 512, there at 1,024.
    package static func narrowed(_ bytes: [UInt8]) -> [UInt8] {
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
    package static func contradiction(_ bytes: [UInt8], _ judgement: Judgement) -> String? {
        let isUTF8 = bytes.withUnsafeBufferPointer { simdjson_is_utf8($0.baseAddress, $0.count) } == 1
        switch judgement {
        case .drop(.invalidUTF8), .invalidUTF8Text:
            return isUTF8 ? "is UTF-8" : nil
        case .drop(.empty):
            return bytes.isEmpty ? nil : "is not empty"
        case _ where !isUTF8:
            return "is not UTF-8"
        case .drop(.invalidJSON):
            return members(bytes, "timestamp") < 0 || nesting(bytes) > JSONScanner.maximumDepth ? nil : "is an object"
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

    /// Judges the bytes in a buffer of exactly the size that `PaddedText` asks for, so that the address sanitizer sees
    /// any step beyond it. Around them lie bytes that would be a fault if they were looked at.
    package static func judge(_ bytes: [UInt8], kind: PayloadKind, codec: Codec = .json) -> Judgement {
        withPadded(bytes) { LogPolicy.judge($0, kind: kind, codec: codec) }
    }

    package static func withPadded<Result>(_ bytes: [UInt8], _ body: (PaddedText) -> Result) -> Result {
        let size = PaddedText.front + bytes.count + PaddedText.behind(bytes.count)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 1)
        defer { buffer.deallocate() }
        buffer.initializeMemory(as: UInt8.self, repeating: 0xF0)
        let start = buffer.baseAddress! + PaddedText.front
        bytes.withUnsafeBytes { source in
            if let first = source.baseAddress { start.copyMemory(from: first, byteCount: source.count) }
        }
        return body(PaddedText(start, count: bytes.count))
    }

    /// Everything that must hold for any message: no crash on the bytes as they are; on what simdjson can read of
    /// them, the same judgement as a text and as binary, and a record that is what the judgement says.
    /// - Returns: what does not hold.
    package static func fault(_ message: [UInt8]) -> String? {
        _ = judge(message, kind: .text)
        let bytes = narrowed(message)
        let judgement = judge(bytes, kind: .binary)
        if let contradiction = contradiction(bytes, judgement) { return "\(judgement), but it \(contradiction)" }
        let asText = judge(bytes, kind: .text)
        if asText != (judgement == .drop(.invalidUTF8) ? .invalidUTF8Text : judgement) { return "\(asText) as text" }
        return recordFault(bytes, judgement)
    }

    private static func recordFault(_ bytes: [UInt8], _ judgement: Judgement) -> String? {
        var configuration = LogWriterConfiguration()
        configuration.chunkBytes = 4096
        configuration.recordTimestamp = .log
        var writer = LogWriter(topic: TopicIndex(rawValue: 0), loop: 0, configuration: configuration)
        let room = writer.reserve(bytes.count)
        bytes.withUnsafeBytes { source in
            if let first = source.baseAddress { room.copyMemory(from: first, byteCount: source.count) }
        }
        let stamp = ArrivalStamp(monotonic: 1, unixMilliseconds: 1_795_247_360_123)
        let admission = writer.commit(bytes.count, kind: .binary, codec: .json, lane: 0, at: stamp)
        writer.seal(partitions: 1, now: 1)
        guard admission == .accepted else {
            if case .drop(let reason) = judgement, admission == .dropped(reason) { return nil }
            return "\(admission) after \(judgement)"
        }
        guard let batch = writer.nextSealed(), batch.count == 1 else { return "no record" }
        let encoded = withExtendedLifetime(batch) {
            let record = batch.records[0]
            return Array(UnsafeRawBufferPointer(start: record.payload, count: Int(record.count)))
        }
        switch judgement {
        case .relay:
            return encoded == bytes ? nil : "changed what it relays"
        case .addTimestamp(let open, _):
            if !encoded.reversed().starts(with: bytes[(open + 1)...].reversed()) { return "lost its rest" }
            return members(encoded, "timestamp") == 1 ? nil : "got no timestamp"
        case .wrap:
            let same = encoded.withUnsafeBufferPointer { record in
                bytes.withUnsafeBufferPointer { text in
                    simdjson_member_is(record.baseAddress, record.count, "message", text.baseAddress, text.count)
                }
            }
            return same == 1 && members(encoded, "timestamp") == 1 ? nil : "was wrapped wrongly"
        default:
            return "was accepted"
        }
    }

    package static func check(_ bytes: [UInt8]) -> CInt {
        bytes.withUnsafeBufferPointer { simdjson_check($0.baseAddress, $0.count) }
    }

    private static func members(_ bytes: [UInt8], _ name: String) -> CInt {
        bytes.withUnsafeBufferPointer { simdjson_members($0.baseAddress, $0.count, name) }
    }

    /// How deep an object that simdjson has read goes.
    private static func nesting(_ bytes: [UInt8]) -> Int {
        var depth = 0
        var deepest = 0
        var isInString = false
        var isEscaped = false
        for byte in bytes {
            if isInString {
                if !isEscaped, byte == UInt8(ascii: "\"") { isInString = false }
                isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: continue
            }
            deepest = max(deepest, depth)
        }
        return deepest
    }

    private static func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }

    private static func isEmptyObject(_ bytes: [UInt8]) -> Bool {
        bytes.filter { !isSpace($0) } == [UInt8(ascii: "{"), UInt8(ascii: "}")]
    }
}
