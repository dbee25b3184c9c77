/// One of `routes`: a path and what is done with its logs.
package struct Route: Equatable, Sendable {
    package enum Reply: String, CaseIterable, Sendable {
        /// Nothing but control frames and `pong`.
        case none
        /// Every accepted message is sent back.
        case echo
    }

    package enum Codec: String, CaseIterable, Sendable {
        /// A log is a JSON object, or is made one.
        case json
        /// Any bytes, unchanged.
        case raw
    }

    package enum Split: String, CaseIterable, Sendable {
        /// A message is one log.
        case none
        /// Each line is one.
        case lines
        /// Each element of a JSON array is one.
        case array
        /// What begins as an array is one; anything else is lines.
        case auto
    }

    package enum Source: String, CaseIterable, Sendable {
        case none
        /// The record's headers say where the log came from.
        case headers
    }

    /// `routes[].path`, required, unique; begins with `/`.
    package var path: String
    /// `routes[].reply`. Default: none.
    package var reply = Reply.none
    /// `routes[].max_len`. Default: the `max_len` of all.
    package var maxLen: Int
    /// `routes[].codec`. Default: json.
    package var codec = Codec.json
    /// `routes[].topic`. Default: `output.kafka.topic`. Nil (`topic: none`): nothing is relayed.
    package var topic: String?
    /// `routes[].ping_interval`; zero is off. Default: the `ping_interval` of all.
    package var pingInterval: Duration
    /// `routes[].max_connection_age`; zero is never. Default: the `max_connection_age` of all.
    package var maxConnectionAge = Duration.zero
    /// `routes[].split`. Default: none.
    package var split = Split.none
    /// `routes[].max_message`. Default: the `max_message` of all.
    package var maxMessage: Int
    /// `routes[].source`. Default: none.
    package var source = Source.none
    /// `routes[].dead_letters`: `off`, or a table. Default: the `dead_letters` of all.
    package var deadLetters: DeadLetters?
    /// `origins`, `auth` and `limits` of this route.
    package var access = Access()
}
