/// The options of the command line.
enum Option: String, CaseIterable {
    case profile = "--profile"
    case connections = "--connections"
    case messages = "--messages"
    case rate = "--rate"
    case arrivals = "--arrivals"
    case size = "--size"
    case batch = "--batch"
    case duration = "--duration"
    case window = "--window"
    case fragment = "--fragment"
    case rampUp = "--ramp-up"
    case reconnect = "--reconnect"
    case ping = "--ping"
    case sessions = "--sessions"
    case threads = "--threads"
    case seed = "--seed"
    case source = "--source"
    case subprotocol = "--subprotocol"
    case header = "--header"
    case token = "--token"
    case deflate = "--deflate"
    case ca = "--ca"
    case insecure = "--insecure"
    case certificate = "--cert"
    case key = "--key"
    case verify = "--verify"
    case verifyTimeout = "--verify-timeout"
    case stall = "--stall"
    case kafka = "--kafka"
    case json = "--json"
    case report = "--report"

    var takesValue: Bool { ![.json, .deflate, .insecure, .sessions].contains(self) }

    /// Whether it may be given several times.
    var isList: Bool { [.subprotocol, .kafka, .header].contains(self) }

    /// One of the words that it knows.
    func choice<Choice: CaseIterable & RawRepresentable<String>>(_ text: String) throws(UsageError) -> Choice {
        if let choice = Choice(rawValue: text) { return choice }
        throw .unknownChoice(option: rawValue, text: text, choices: Choice.allCases.map(\.rawValue))
    }

    /// A whole number within bounds.
    func count(_ text: String, _ range: ClosedRange<Int>) throws(UsageError) -> Int {
        guard let number = Int(text), range.contains(number) else {
            throw .badNumber(
                option: rawValue,
                text: text,
                wanted: "a whole number from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return number
    }

    /// Seconds, with a fraction if wanted, as nanoseconds.
    func nanoseconds(_ text: String) throws(UsageError) -> UInt64 {
        guard let seconds = Double(text), seconds > 0, seconds <= 1_000_000 else {
            throw .badNumber(option: rawValue, text: text, wanted: "a number of seconds above 0")
        }
        return UInt64(seconds * 1e9)
    }
}

/// The words of a command line, one after the other: `--name value` or `--name=value`.
struct OptionReader {
    private let words: [String]
    private var at = 0
    private var attached: String?
    private var seen: Set<Option> = []

    init(_ words: [String]) { self.words = words }

    mutating func next() -> String? {
        guard at < words.count else { return nil }
        defer { at += 1 }
        return words[at]
    }

    /// Which option a word names.
    mutating func option(_ word: String) throws(UsageError) -> Option {
        let mark = word.firstIndex(of: "=")
        guard let option = Option(rawValue: String(word[..<(mark ?? word.endIndex)])) else {
            throw .unknownOption(word)
        }
        attached = mark.map { String(word[word.index(after: $0)...]) }
        if attached != nil, !option.takesValue { throw .unknownOption(word) }
        guard seen.insert(option).inserted || option.isList else { throw .repeated(option.rawValue) }
        return option
    }

    /// The value of the option that was read last.
    mutating func value(of option: Option) throws(UsageError) -> String {
        if let attached, !attached.isEmpty { return attached }
        guard attached == nil, let word = next(), !word.hasPrefix("--") else { throw .missingValue(option.rawValue) }
        return word
    }
}
