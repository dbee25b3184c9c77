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
}
