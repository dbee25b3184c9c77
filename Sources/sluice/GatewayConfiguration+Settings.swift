import Gateway
import LogPipeline
import Reactor
import Settings
import WebSocketWire

extension GatewayConfiguration {
    /// What the settings say of connections.
    init(_ settings: Settings, entrance: Entrance, routes: [LogRoute]) {
        self.init(routes: routes)
        deadLetterBytes = min(4 << 20, settings.maxInFlight / 16)
        handshakeTimeout = settings.handshakeTimeout.nanoseconds
        maxHeaderBytes = settings.maxHeaderBytes
        idleTimeout = settings.idleTimeout.nanoseconds
        maxAge = settings.maxConnectionAge.nanoseconds
        messageTimeout = settings.messageTimeout.nanoseconds
        maxPartial = settings.maxPartial
        maxConnections = settings.maxConnections
        handshakesPerAddress = settings.handshakesPerAddress
        sessionTimeout = settings.sessionTimeout.nanoseconds
        maxSessions = settings.maxSessions
        trustedProxies = entrance.trustedProxies
        admission = entrance.admission
        compression = DeflateSettings(settings.compression)
        compressionIdle = settings.compression.idle.nanoseconds
        let loops = settings.loops ?? Processors.usable
        writer.maxArenaBytes = max(16 << 20, settings.maxInFlight / loops)
        writer.partitioning.seed = Int.random(in: 0..<1_000_000)
        if case .kafka(let output) = settings.output {
            acknowledges = output.requiredAcks == -1
            writer.bulkMaxSize = output.bulkMaxSize
            // Within the time that records gather anyway.
            writer.gatherTime = min(1_000_000, output.bulkFlushFrequency.nanoseconds / 5)
            writer.maxMessageBytes = output.maxMessageBytes
            writer.recordTimestamp = output.recordTimestamp == .log ? .log : .arrival
        }
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
