package import LogPipeline

/// What splitting a message means, said plainly with the whole message in memory, for comparison with `LogSplitter`;
/// shared by the tests and the fuzzer.
package enum SplitOracle {
    package struct Outcome: Equatable, Sendable {
        package var logs: [[UInt8]] = []
        package var isMalformed = false

        package init(logs: [[UInt8]] = [], isMalformed: Bool = false) {
            self.logs = logs
            self.isMalformed = isMalformed
        }
    }

    package static func outcome(_ message: [UInt8], _ split: Split) -> Outcome {
        switch split {
        case .none: return Outcome(logs: [message])
        case .lines: return Outcome(logs: lines(message).filter { !isBlank($0) })
        case .array: return array(message)
        case .auto:
            let significant = message.drop(while: isSpace)
            if significant.first == UInt8(ascii: "["), beginsArray(significant.dropFirst().first) {
                return array(message)
            }
            return Outcome(logs: lines(message).flatMap(pieces))
        }
    }

    private static func beginsArray(_ byte: UInt8?) -> Bool {
        guard let byte else { return true }
        return isSpace(byte)
            || [UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "\"")].contains(byte)
    }

    private static func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }
    private static func isBlank(_ bytes: [UInt8]) -> Bool { bytes.allSatisfy(isSpace) }

    private static func lines(_ message: [UInt8]) -> [[UInt8]] {
        message.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
            Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
        }
    }

    /// The logs of one line under `auto`.
    private static func pieces(_ line: [UInt8]) -> [[UInt8]] {
        guard !isBlank(line) else { return [] }
        let rest = line.drop(while: isSpace)
        guard rest.first == UInt8(ascii: "{"), let end = valueEnd(line, from: rest.startIndex) else { return [line] }
        return [Array(line[..<end])] + pieces(Array(line[end...].drop(while: isSpace)))
    }

    private static func array(_ message: [UInt8]) -> Outcome {
        var outcome = Outcome(isMalformed: true)
        var at = 0
        func skip() { while at < message.count, isSpace(message[at]) { at += 1 } }
        func take(_ byte: Character) -> Bool {
            skip()
            guard at < message.count, message[at] == byte.asciiValue else { return false }
            at += 1
            return true
        }
        guard take("[") else { return outcome }
        if !take("]") {
            repeat {
                skip()
                guard at < message.count, let end = valueEnd(message, from: at) else { return outcome }
                // A scalar that the message's end has cut may have gone on.
                guard end < message.count else {
                    if isNested(message[at]) { outcome.logs.append(Array(message[at..<end])) }
                    return outcome
                }
                outcome.logs.append(Array(message[at..<end]))
                at = end
            } while take(",")
            guard take("]") else { return outcome }
        }
        skip()
        outcome.isMalformed = at < message.count
        return outcome
    }

    private static func isNested(_ byte: UInt8) -> Bool {
        [UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "\"")].contains(byte)
    }

    /// Behind the value that begins here; nil when none does, or it has no end.
    private static func valueEnd(_ bytes: [UInt8], from start: Int) -> Int? {
        guard isNested(bytes[start]) else {
            let ends: [UInt8] = [0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: ","), UInt8(ascii: "]")]
            let end = bytes[start...].firstIndex { ends.contains($0) } ?? bytes.count
            let text = String(decoding: bytes[start..<end], as: UTF8.self)
            if ["true", "false", "null"].contains(text) { return end }
            return text.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+\-]?[0-9]+)?/) == nil ? nil : end
        }
        let closing: [UInt8: UInt8] = [UInt8(ascii: "{"): UInt8(ascii: "}"), UInt8(ascii: "["): UInt8(ascii: "]")]
        var depth = 0
        var at = start
        while at < bytes.count {
            if bytes[at] == UInt8(ascii: "\"") {
                guard let end = stringEnd(bytes, from: at) else { return nil }
                at = end
            } else {
                if bytes[at] == bytes[start] { depth += 1 }
                if bytes[at] == closing[bytes[start]] { depth -= 1 }
                at += 1
            }
            if depth == 0 { return at }
        }
        return nil
    }

    private static func stringEnd(_ bytes: [UInt8], from quote: Int) -> Int? {
        var at = quote + 1
        while at < bytes.count, bytes[at] != UInt8(ascii: "\"") { at += bytes[at] == UInt8(ascii: "\\") ? 2 : 1 }
        return at < bytes.count ? at + 1 : nil
    }
}
