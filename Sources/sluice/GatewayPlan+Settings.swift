import Gateway
import LogPipeline
import Reactor
import Settings
import Telemetry

extension Gateway.Plan {
    /// The gateway that the settings describe, with its topics known to the flusher.
    init(_ settings: Settings, entrance: Entrance, flusher: any Flusher, logger: Logger) throws {
        let map = try RoutePlan(settings, flusher)
        self.init(
            configuration: GatewayConfiguration(settings, entrance: entrance, routes: map.routes),
            listeners: try zip(settings.listeners, entrance.securities).map { listener, security in
                GatewayListener(
                    try ListenSource.parse(listener.address.description),
                    security: security,
                    isProxied: listener.isProxied
                )
            },
            admin: try settings.admin.map { try ListenSource.parse($0.description) },
            loops: settings.loops ?? Processors.usable,
            topics: map.topics.map(\.1),
            flusher: flusher
        )
        deadLetterTopics = map.deadLetterTopics.map(\.1)
        self.logger = logger
    }
}

extension Gateway.Update {
    /// What of the settings takes effect while it runs, with new topics known to the flusher.
    init(_ settings: Settings, entrance: Entrance, flusher: any Flusher) throws(FlusherError) {
        self.init(settings, entrance, try RoutePlan(settings, flusher))
    }

    /// The same with the indices that new topics would be given, to ask whether it could be had.
    init(foreseeing settings: Settings, entrance: Entrance, flusher: any Flusher) throws(FlusherError) {
        self.init(settings, entrance, try RoutePlan(foreseeing: settings, flusher))
    }

    private init(_ settings: Settings, _ entrance: Entrance, _ map: RoutePlan) {
        self.init(
            configuration: GatewayConfiguration(settings, entrance: entrance, routes: map.routes),
            topics: map.topics,
            deadLetterTopics: map.deadLetterTopics,
            securities: entrance.securities
        )
    }
}
