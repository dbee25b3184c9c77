/// A log line before it has a form.
struct LogLine {
    /// Nanoseconds since 1970.
    let time: Int64
    let level: Logger.Level
    let event: String
    let fields: [(key: String, value: String)]
}

/// How log lines look.
package enum LogFormat: Sendable {
    /// `event key=value`: neither time nor level.
    case event
    /// `2026-01-02T03:04:05.678Z warning event key=value key="with blanks"`.
    case human
    /// `{"time":"2026-01-02T03:04:05.678Z","level":"warning","event":"…","key":"value"}`: every value a string.
    case json

    func line(_ line: LogLine) -> String {
        switch self {
        case .event: Self.words(line)
        case .human: "\(Timestamp.text(line.time)) \(line.level.name) \(Self.words(line))"
        case .json: Self.object(line)
        }
    }

    private static func words(_ line: LogLine) -> String {
        ([line.event] + line.fields.map { "\($0.key)=\(quotedIfNeeded($0.value))" }).joined(separator: " ")
    }

    /// As it is where that cannot be misread, else as a JSON string.
    private static func quotedIfNeeded(_ value: String) -> String {
        let isPlain = value.unicodeScalars.allSatisfy { scalar in
            scalar.value > 0x20 && scalar.value != 0x7F && scalar != "\"" && scalar != "=" && scalar != "\\"
                && !isControlOrSeparator(scalar)
        }
        return isPlain && !value.isEmpty ? value : quoted(value)
    }

    private static func object(_ line: LogLine) -> String {
        var out = "{\"time\":\"\(Timestamp.text(line.time))\",\"level\":\"\(line.level.name)\",\"event\":"
        out += quoted(line.event)
        var used: Set<String> = ["time", "level", "event"]
        for (key, value) in line.fields {
            // A name given twice would leave it to the reader which one counts.
            var name = key
            while !used.insert(name).inserted { name += "_" }
            out += ",\(quoted(name)):\(quoted(value))"
        }
        return out + "}"
    }

    private static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            case _ where isControlOrSeparator(scalar):
                let hex = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }

    /// C0, DEL, C1 and the line separators: what a terminal or a reader of lines may act upon.
    private static func isControlOrSeparator(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || (0x2028...0x2029).contains(scalar.value)
    }
}
