/// How much may come in by one route of one listener. Zero is no bound.
package struct ConnectionLimits: Sendable, Equatable {
    package var connections: Int
    package var connectionsPerAddress: Int
    package var connectionsPerToken: Int
    /// Of one connection.
    package var logsPerSecond: Int
    /// Of one connection.
    package var bytesPerSecond: Int
    /// Of all connections of one identity.
    package var tokenLogsPerSecond: Int
    /// Of all connections of one identity.
    package var tokenBytesPerSecond: Int
    /// Frames of one connection that carry no log: control frames, empty ones, tiny fragments.
    package var overheadFramesPerSecond: Int

    package init(
        connections: Int = 0,
        connectionsPerAddress: Int = 0,
        connectionsPerToken: Int = 0,
        logsPerSecond: Int = 0,
        bytesPerSecond: Int = 0,
        tokenLogsPerSecond: Int = 0,
        tokenBytesPerSecond: Int = 0,
        overheadFramesPerSecond: Int = 1000
    ) {
        self.connections = connections
        self.connectionsPerAddress = connectionsPerAddress
        self.connectionsPerToken = connectionsPerToken
        self.logsPerSecond = logsPerSecond
        self.bytesPerSecond = bytesPerSecond
        self.tokenLogsPerSecond = tokenLogsPerSecond
        self.tokenBytesPerSecond = tokenBytesPerSecond
        self.overheadFramesPerSecond = overheadFramesPerSecond
    }
}
