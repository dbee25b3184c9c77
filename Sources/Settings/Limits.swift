/// `limits`: those that are nil are not said at their level. 0 is no limit.
package struct Limits: Equatable, Sendable {
    /// `limits.connections`.
    package var connections: Int?
    /// `limits.connections_per_address`.
    package var connectionsPerAddress: Int?
    /// `limits.connections_per_token`.
    package var connectionsPerToken: Int?
    /// `limits.logs_per_second`: of one connection.
    package var logsPerSecond: Int?
    /// `limits.bytes_per_second`: of one connection.
    package var bytesPerSecond: Int?
    /// `limits.token_logs_per_second`: of all connections with one token.
    package var tokenLogsPerSecond: Int?
    /// `limits.token_bytes_per_second`: of all connections with one token.
    package var tokenBytesPerSecond: Int?
    /// `limits.overhead_frames_per_second`: of one connection, frames that carry no log.
    package var overheadFramesPerSecond: Int?

    package init() {}

    /// Each by its key.
    static var all: [(name: String, path: WritableKeyPath<Limits, Int?>)] {
        [
            ("connections", \.connections), ("connections_per_address", \.connectionsPerAddress),
            ("connections_per_token", \.connectionsPerToken), ("logs_per_second", \.logsPerSecond),
            ("bytes_per_second", \.bytesPerSecond), ("token_logs_per_second", \.tokenLogsPerSecond),
            ("token_bytes_per_second", \.tokenBytesPerSecond),
            ("overhead_frames_per_second", \.overheadFramesPerSecond),
        ]
    }

    /// Those that only a token brings to bear.
    static var ofTokens: [(name: String, path: WritableKeyPath<Limits, Int?>)] {
        all.filter { $0.name.contains("token") }
    }

    /// Takes what is not said here from further out.
    mutating func fill(from outer: Limits) {
        for (_, path) in Self.all where self[keyPath: path] == nil { self[keyPath: path] = outer[keyPath: path] }
    }
}
