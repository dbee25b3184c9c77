import Reactor

/// What a connection takes of what only so many may have, counted over all loops. Given back once.
struct Places: Equatable {
    /// One of `max_connections`.
    var isCounted = false
    /// The route whose `limits.connections` counts it.
    var route: Int?
    /// Whose `limits.connections_per_address` counts it.
    var address: IPAddress?
    /// Whose `limits.connections_per_token` counts it: the name.
    var token: String?

    /// Which bound is reached, as a user writes it.
    struct Full: Error {
        let setting: StaticString
    }
}
