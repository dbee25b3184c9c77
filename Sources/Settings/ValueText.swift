/// Why a text is not a value of its kind, and what would be.
struct ValueFault: Error, Equatable {
    let message: String
}

/// Sizes, times and numbers as settings write them.
enum ValueText {
    private static let sizeUnits = [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("B", 1)]
    private static let timeUnits = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)]

    /// Bytes: `960KiB`, `1 GiB`, `512B`, or a bare number.
    static func size(_ text: String) throws(ValueFault) -> Int {
        guard let (number, unit) = splitNumber(text[...]) else { throw sizeFault(text) }
        let factor = unit.isEmpty ? 1 : sizeUnits.first { $0.0 == unit }?.1
        guard let factor else { throw sizeFault(text) }
        let (bytes, overflow) = number.multipliedReportingOverflow(by: factor)
        guard !overflow else { throw ValueFault(message: "\"\(text)\" is more than fits") }
        return bytes
    }

    private static func sizeFault(_ text: String) -> ValueFault {
        ValueFault(message: "\"\(text)\" is not a size; write a number with B, KiB, MiB or GiB, as in 960KiB")
    }

    /// Times: `30s`, `250ms`, `1m30s`, `2h`; a bare number is seconds, as in beats.
    static func duration(_ text: String) throws(ValueFault) -> Duration {
        let fault = ValueFault(message: "\"\(text)\" is not a time; write a number with ms, s, m or h, as in 30s")
        var rest = text[...]
        var milliseconds = 0
        guard !rest.isEmpty else { throw fault }
        if let bare = Int(text), bare >= 0 { rest = "\(bare)s" }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            let unit = rest.dropFirst(digits.count).prefix { $0.isASCII && $0.isLetter }
            guard let number = Int(digits), let factor = timeUnits.first(where: { $0.0 == unit })?.1 else {
                throw fault
            }
            let (part, over) = number.multipliedReportingOverflow(by: factor)
            let (sum, overSum) = milliseconds.addingReportingOverflow(part)
            guard !over, !overSum else { throw ValueFault(message: "\"\(text)\" is more than fits") }
            milliseconds = sum
            rest = rest.dropFirst(digits.count + unit.count)
        }
        return .milliseconds(milliseconds)
    }

    static func integer(_ text: String) throws(ValueFault) -> Int {
        guard let number = Int(text) else { throw ValueFault(message: "\"\(text)\" is not a whole number") }
        return number
    }

    /// YAML's words, as beats read them.
    static func bool(_ text: String) throws(ValueFault) -> Bool {
        switch text.lowercased() {
        case "true", "yes", "on": return true
        case "false", "no", "off": return false
        default: throw ValueFault(message: "\"\(text)\" is neither true nor false")
        }
    }

    static func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ text: String,
        _: Choice.Type
    ) throws(ValueFault) -> Choice {
        let names = Choice.allCases.map(\.rawValue)
        if let exact = Choice.allCases.first(where: { $0.rawValue.lowercased() == text.lowercased() }) { return exact }
        let hint = NearestName.of(text, among: names).map { "; did you mean \"\($0)\"?" } ?? ""
        throw ValueFault(message: "\"\(text)\" is none of \(names.joined(separator: ", "))\(hint)")
    }

    /// Kafka's rule for topic names: 1 to 249 of letters, digits, `.`, `_` and `-`, and neither `.` nor `..`.
    static func topic(_ text: String) throws(ValueFault) -> String {
        let isLegal = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard isLegal, (1...249).contains(text.utf8.count), text != ".", text != ".." else {
            throw ValueFault(
                message: "\"\(text)\" is not a name Kafka takes for a topic: 1 to 249 letters, digits, '.', '_', '-'"
            )
        }
        return text
    }

    private static func splitNumber(_ text: Substring) -> (Int, Substring)? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits) else { return nil }
        return (number, text.dropFirst(digits.count).drop { $0 == " " })
    }
}
