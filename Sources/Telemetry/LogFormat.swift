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
                && !JSONText.isControlOrSeparator(scalar)
        }
        return isPlain && !value.isEmpty ? value : JSONText.quoted(value)
    }

    private static func object(_ line: LogLine) -> String {
        var out = "{\"time\":\"\(Timestamp.text(line.time))\",\"level\":\"\(line.level.name)\",\"event\":"
        out += JSONText.quoted(line.event)
        var used: Set<String> = ["time", "level", "event"]
        for (key, value) in line.fields {
            // A name given twice would leave it to the reader which one counts.
            var name = key
            while !used.insert(name).inserted { name += "_" }
            out += ",\(JSONText.quoted(name)):\(JSONText.quoted(value))"
        }
        return out + "}"
    }
}
