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
    var profile = Profile.plain
    var connections = 10
    /// Over all connections; nil without bound, which `duration` then gives.
    var messages: Int? = 10_000
    /// Messages a second over all connections; 0 is as fast as they are taken.
    var rate = 0
    var arrivals = Arrivals.constant
    var size = SizeDistribution.fixed(200)
    /// Logs that go out with one write; nil for the profile's own.
    var givenBatch: Int?
    /// Messages of a connection that may be unanswered in a closed loop; nil for the profile's own.
    var givenWindow: Int?
    /// Nanoseconds after which nothing more is sent.
    var duration: UInt64?
    /// Payload bytes of a frame; nil for the profile's own.
    var givenFragment: Int?
    /// Nanoseconds over which the connections are opened.
    var rampUp: UInt64 = 0
    /// Nanoseconds after which a connection that broke is made anew; nil for the profile's own.
    var givenReconnect: UInt64?
    /// Nanoseconds between pings; nil for the profile's own.
    var givenPing: UInt64?
    /// Whether a connection that comes back goes on with its session (`sluice.v1`).
    var sessions = false
    /// Event loops that the connections are spread over.
    var threads = 1
    /// What sizes and Poisson times follow from.
    var seed: UInt64 = 1
    /// This machine's addresses to come from, in turns; none: the kernel's choice.
    var sources: [String] = []
    /// What is offered in `Sec-WebSocket-Protocol`.
    var givenSubprotocols: [String] = []
    var givenHeaders: [HeaderField] = []
    var token: String?
    var asksForDeflate = false
    /// PEM file of who may have signed the server's certificate.
    var authorities: String?
    /// Whether any certificate is taken.
    var isInsecure = false
    var certificate: String?
    var key: String?
    var topic: Topic?
    /// Nanoseconds without a record after which what is missing counts as lost.
    var verifyTimeout: UInt64 = 15_000_000_000
    /// Nanoseconds in which no server takes or ends anything, after which the run is given up.
    var stall: UInt64 = 120_000_000_000
    /// Properties for librdkafka's consumer.
    var kafka: [KafkaProperty] = []
    var json = false
    /// Where the page goes.
    var report: String?

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
        try arguments.check(given)
        return .run(arguments)
    }

    private mutating func set(_ option: Option, _ text: String) throws(UsageError) {
        switch option {
        case .profile: profile = try option.choice(text)
        case .connections: connections = try option.count(text, 1...LogForm.maxConnections)
        case .messages: messages = try option.count(text, 1...LogForm.maxNumber)
        case .rate: rate = try option.count(text, 0...1_000_000_000)
        case .arrivals: arrivals = try option.choice(text)
        case .size:
            guard let distribution = SizeDistribution(text) else { throw .badSize(text) }
            size = distribution
        case .batch: givenBatch = try option.count(text, 1...10_000)
        case .window: givenWindow = try option.count(text, 1...1_000_000)
        case .duration: duration = try option.nanoseconds(text)
        case .fragment: givenFragment = try option.count(text, 1...(16 << 20))
        case .rampUp: rampUp = try option.nanoseconds(text)
        case .reconnect: givenReconnect = try option.nanoseconds(text)
        case .ping: givenPing = try option.nanoseconds(text)
        case .sessions: sessions = true
        case .threads: threads = try option.count(text, 1...64)
        case .seed: seed = UInt64(try option.count(text, 0...Int.max))
        case .source: sources = try SourceList.parse(text)
        case .subprotocol, .header, .token, .deflate, .ca, .insecure, .certificate, .key:
            try setConnecting(option, text)
        case .verify, .verifyTimeout, .kafka: try setVerifying(option, text)
        case .stall: stall = try option.nanoseconds(text)
        case .json: json = true
        case .report: report = text
        }
    }

    private mutating func setConnecting(_ option: Option, _ text: String) throws(UsageError) {
        switch option {
        case .subprotocol: givenSubprotocols.append(text)
        case .header:
            guard let field = HeaderField.parse(text) else { throw .badHeader }
            givenHeaders.append(field)
        case .token:
            guard HeaderField.canCarry(text) else { throw .badToken }
            token = text
        case .deflate: asksForDeflate = true
        case .ca: authorities = text
        case .insecure: isInsecure = true
        case .certificate: certificate = text
        default: key = text
        }
    }

    private mutating func setVerifying(_ option: Option, _ text: String) throws(UsageError) {
        switch option {
        case .verify: topic = try Self.topic(text)
        case .verifyTimeout: verifyTimeout = try option.nanoseconds(text)
        default:
            guard let mark = text.firstIndex(of: "="), mark != text.startIndex else { throw .badProperty(text) }
            kafka.append(KafkaProperty(name: String(text[..<mark]), value: String(text[text.index(after: mark)...])))
        }
    }

    /// What cannot be seen from one option alone.
    private func check(_ given: [Option]) throws(UsageError) {
        if !url.isSecure {
            for option in [Option.ca, .insecure, .certificate, .key] where given.contains(option) {
                throw .needs(option.rawValue, "wss://")
            }
        }
        if (certificate == nil) != (key == nil) {
            throw certificate == nil
                ? .needs(Option.key.rawValue, Option.certificate.rawValue)
                : .needs(Option.certificate.rawValue, Option.key.rawValue)
        }
        if authorities != nil, isInsecure { throw .excludes(Option.ca.rawValue, Option.insecure.rawValue) }
        if arrivals == .poisson, rate == 0 { throw .needs("\(Option.arrivals.rawValue) poisson", Option.rate.rawValue) }
        if sessions, profile != .ack { throw .needs(Option.sessions.rawValue, "--profile ack") }
        if topic != nil, profile == .idle { throw .excludes(Option.verify.rawValue, "--profile idle") }
        if threads > connections { throw .needs(Option.threads.rawValue, "as many connections") }
    }

    private static func topic(_ text: String) throws(UsageError) -> Topic {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { throw .badPlace(text) }
        return Topic(hosts: String(parts[0]), name: String(parts[1]))
    }
}
