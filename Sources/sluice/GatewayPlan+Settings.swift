import Gateway
import LogPipeline
import Reactor
import Settings
import Telemetry
import WebSocketWire

extension Gateway.Plan {
    /// The gateway that the settings describe, with its topics known to the flusher.
    init(_ settings: Settings, entrance: Entrance, flusher: any Flusher, logger: Logger) throws {
        var topics: [String] = []
        var routes: [LogRoute] = []
        for route in settings.routes {
            var index: TopicIndex?
            if let name = route.topic {
                let topic = try flusher.topic(named: name)
                if topic.rawValue == topics.count { topics.append(name) }
                index = topic
            }
            routes.append(LogRoute(route, topic: index))
        }
        let deadLetterTopics = try Self.planDeadLetters(settings, &routes, behind: topics.count, flusher)
        var configuration = GatewayConfiguration(routes: routes)
        configuration.deadLetterBytes = min(4 << 20, settings.maxInFlight / 16)
        configuration.handshakeTimeout = settings.handshakeTimeout.nanoseconds
        configuration.maxHeaderBytes = settings.maxHeaderBytes
        configuration.idleTimeout = settings.idleTimeout.nanoseconds
        configuration.messageTimeout = settings.messageTimeout.nanoseconds
        configuration.maxPartial = settings.maxPartial
        configuration.maxConnections = settings.maxConnections
        configuration.handshakesPerAddress = settings.handshakesPerAddress
        configuration.sessionTimeout = settings.sessionTimeout.nanoseconds
        configuration.maxSessions = settings.maxSessions
        configuration.trustedProxies = entrance.trustedProxies
        configuration.admission = entrance.admission
        configuration.compression = DeflateSettings(settings.compression)
        configuration.compressionIdle = settings.compression.idle.nanoseconds
        let loops = settings.loops ?? Processors.usable
        configuration.writer.maxArenaBytes = max(16 << 20, settings.maxInFlight / loops)
        configuration.writer.partitioning.seed = Int.random(in: 0..<1_000_000)
        if case .kafka(let output) = settings.output {
            configuration.acknowledges = output.requiredAcks == -1
            configuration.writer.bulkMaxSize = output.bulkMaxSize
            configuration.writer.maxMessageBytes = output.maxMessageBytes
            configuration.writer.recordTimestamp = output.recordTimestamp == .log ? .log : .arrival
        }
        self.init(
            configuration: configuration,
            listeners: try zip(settings.listeners, entrance.securities).map { listener, security in
                GatewayListener(
                    try ListenSource.parse(listener.address.description),
                    security: security,
                    isProxied: listener.isProxied
                )
            },
            admin: try settings.admin.map { try ListenSource.parse($0.description) },
            loops: loops,
            topics: topics,
            flusher: flusher
        )
        self.deadLetterTopics = deadLetterTopics
        self.logger = logger
    }

    /// - Parameter count: topics of logs, which the flusher knows already.
    /// - Returns: the topics of dead letters, which it knows now.
    private static func planDeadLetters(
        _ settings: Settings,
        _ routes: inout [LogRoute],
        behind count: Int,
        _ flusher: any Flusher
    ) throws(FlusherError) -> [String] {
        var topics: [String] = []
        for (index, route) in settings.routes.enumerated() where route.topic != nil {
            guard let letters = route.deadLetters else { continue }
            let topic = try flusher.topic(named: letters.topic)
            if topic.rawValue == count + topics.count { topics.append(letters.topic) }
            routes[index].deadLetters = DeadLetterPlan(topic: topic, contentBytes: letters.contentBytes)
        }
        return topics
    }
}

extension LogRoute {
    init(_ route: Route, topic: TopicIndex?) {
        self.init(
            path: route.path,
            reply: route.reply == .echo ? .echo : .none,
            maxLen: route.maxLen,
            codec: route.codec == .raw ? .raw : .json,
            topic: topic,
            pingInterval: route.pingInterval.nanoseconds
        )
        split =
            switch route.split {
            case .none: .none
            case .lines: .lines
            case .array: .array
            case .auto: .auto
            }
        maxMessage = route.maxMessage
        recordsSource = route.source == .headers
    }
}

extension DeflateSettings {
    /// Nil where compression is off.
    init?(_ compression: Settings.Compression) {
        guard compression.isOn else { return nil }
        self.init()
        clientWindowBits = compression.windowBits
        clientContextTakeover = compression.contextTakeover
        level = compression.level
        memoryLevel = compression.memoryLevel
    }
}
