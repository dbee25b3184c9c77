package import LogPipeline

/// What a path stands for.
package struct LogRoute: Equatable, Sendable {
    package enum Reply: Sendable {
        /// Nothing but control frames and `pong`.
        case none
        /// Every accepted message is sent back verbatim.
        case echo
    }

    package var path: String
    package var reply: Reply
    /// The longest log in bytes; one byte more is dropped whole.
    package var maxLen: Int
    package var codec: Codec
    /// Nil for a route that only replies (`topic: none`).
    package var topic: TopicIndex?
    /// Nanoseconds; 0 sends no pings.
    package var pingInterval: UInt64
    /// How long a connection may be open, nanoseconds; 0 is for ever (`max_connection_age`).
    package var maxAge: UInt64 = 0
    /// How a message becomes logs.
    package var split = Split.none
    /// The largest message in bytes where several logs come in one, and the largest body of a POST (`max_message`).
    package var maxMessage = 16 * 1024 * 1024
    /// Whether each record gets headers that say where it came from (`source: headers`).
    package var recordsSource = false
    /// Where refused logs are told of; nil: nowhere.
    package var deadLetters: DeadLetterPlan?

    package init(
        path: String,
        reply: Reply = .none,
        maxLen: Int = 960 * 1024,
        codec: Codec = .json,
        topic: TopicIndex?,
        pingInterval: UInt64 = 20 * second
    ) {
        self.path = path
        self.reply = reply
        self.maxLen = maxLen
        self.codec = codec
        self.topic = topic
        self.pingInterval = pingInterval
    }
}
