/// What the command line asks for.
struct Arguments: Equatable, Sendable {
    enum Command: Equatable, Sendable {
        case help
        case run(Arguments)
    }

    /// The topic that has to hold every log in the end.
    struct Topic: Equatable, Sendable {
        /// `host:port` with commas between, as `bootstrap.servers` takes them.
        let hosts: String
        let name: String
    }

    let url: TargetURL
    var connections = 10
    /// Over all connections; nil without bound, which `duration` then gives.
    var messages: Int? = 10_000
    /// Messages a second over all connections; 0 is as fast as they are taken.
    var rate = 0
    /// Bytes of a message.
    var size = 200
    /// Messages that go out with one write.
    var batch = 1
    /// Nanoseconds after which nothing more is sent.
    var duration: UInt64?
    /// Payload bytes of a frame; nil for one frame a message.
    var fragment: Int?
    /// What is offered in `Sec-WebSocket-Protocol`.
    var subprotocols: [String] = []
    var topic: Topic?
    /// Nanoseconds without a record after which what is missing counts as lost.
    var verifyTimeout: UInt64 = 15_000_000_000
    /// Nanoseconds in which no server takes or ends anything, after which the run is given up.
    var stall: UInt64 = 120_000_000_000
    /// Properties for librdkafka's consumer.
    var kafka: [KafkaProperty] = []
    var json = false

    init(url: TargetURL) { self.url = url }
}

/// A property of librdkafka, as its documentation names it.
struct KafkaProperty: Equatable, Sendable {
    let name: String
    let value: String
}

extension Arguments {
    /// Reads a command line, without the program's name.
    static func parse(_ words: [String]) throws(UsageError) -> Command {
        if words.contains("--help") || words.contains("-h") { return .help }
        var reader = OptionReader(words)
        var url: TargetURL?
        var options: [(Option, String)] = []
        while let word = reader.next() {
            if word.hasPrefix("-") {
                let option = try reader.option(word)
                options.append((option, option.takesValue ? try reader.value(of: option) : ""))
            } else if url == nil {
                url = try TargetURL(word)
            } else {
                throw .unexpected(word)
            }
        }
        guard let url else { throw .noURL }
        var arguments = Arguments(url: url)
        for (option, value) in options { try arguments.set(option, value) }
        let given = options.map(\.0)
        if given.contains(.duration), !given.contains(.messages) { arguments.messages = nil }
        return .run(arguments)
    }

    private mutating func set(_ option: Option, _ text: String) throws(UsageError) {
        switch option {
        case .connections: connections = try option.count(text, 1...LogForm.maxConnections)
        case .messages: messages = try option.count(text, 1...LogForm.maxNumber)
        case .rate: rate = try option.count(text, 0...1_000_000_000)
        case .size: size = try option.count(text, LogForm.minSize...(16 << 20))
        case .batch: batch = try option.count(text, 1...10_000)
        case .duration: duration = try option.nanoseconds(text)
        case .fragment: fragment = try option.count(text, 1...(16 << 20))
        case .subprotocol: subprotocols.append(text)
        case .verify: topic = try Self.topic(text)
        case .verifyTimeout: verifyTimeout = try option.nanoseconds(text)
        case .stall: stall = try option.nanoseconds(text)
        case .kafka:
            guard let mark = text.firstIndex(of: "="), mark != text.startIndex else { throw .badProperty(text) }
            kafka.append(KafkaProperty(name: String(text[..<mark]), value: String(text[text.index(after: mark)...])))
        case .json: json = true
        }
    }

    private static func topic(_ text: String) throws(UsageError) -> Topic {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { throw .badPlace(text) }
        return Topic(hosts: String(parts[0]), name: String(parts[1]))
    }
}
