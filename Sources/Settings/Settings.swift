/// Everything a person can set, checked and with its defaults. Sizes are bytes.
///
/// Which key sets what is in each property's comment; `Settings.load` reads them.
package struct Settings: Sendable {
    /// `listeners`: where clients connect. Default: `0.0.0.0:8080`.
    package var listeners = [Listener(address: .tcp(host: "0.0.0.0", port: 8080))]
    /// `admin`: where the status page, `/status`, `/metrics`, `/livez` and `/readyz` are; `none` for nowhere. Default:
    /// `127.0.0.1:9600`.
    package var admin: ListenAddress? = .tcp(host: "127.0.0.1", port: 9600)
    /// `max_len`: the longest log that is relayed. Default: 960 KiB.
    package var maxLen = 960 * 1024
    /// `max_in_flight`: memory for logs that are not yet settled. Default: 256 MiB.
    package var maxInFlight = 256 << 20
    /// `max_partial`: memory for messages that are not yet whole. Default: 64 MiB.
    package var maxPartial = 64 << 20
    /// `message_timeout`: how long a message may take to become whole. Default: 30 s.
    package var messageTimeout = Duration.seconds(30)
    /// `loops`: event loops, each a thread. Default: nil, the CPUs this process may use.
    package var loops: Int?
    /// `drain`: how long to wait for the last logs at the end. Default: 30 s.
    package var drain = Duration.seconds(30)
    /// `ping_interval`: after so long without sending or hearing, a ping; zero is off. Default: 20 s.
    package var pingInterval = Duration.seconds(20)
    /// `idle_timeout`: a connection that was not heard for so long ends; zero is off. Default: 90 s.
    package var idleTimeout = Duration.seconds(90)
    /// `max_connection_age`: after so long, a tenth more or less, a connection is asked to come again; zero is never.
    /// Default: 0.
    package var maxConnectionAge = Duration.zero
    /// `handshake_timeout`: from accepting to the end of the upgrade. Default: 10 s.
    package var handshakeTimeout = Duration.seconds(10)
    /// `max_header_bytes`: the head of a request. Default: 16 KiB.
    package var maxHeaderBytes = 16 * 1024
    /// `stalled_after`: a log unsettled for so long makes its topic count as stuck. Default: 30 s.
    package var stalledAfter = Duration.seconds(30)
    /// `max_connections`: clients at a time; 0 is no limit of our own. Default: 0.
    package var maxConnections = 0
    /// `handshakes_per_address`: connections of one address that are not upgraded yet; 0 is no limit. Default: 1024.
    package var handshakesPerAddress = 1024
    /// `max_message`: bytes of one message that is split, and of one POST. Default: 16 MiB.
    package var maxMessage = 16 << 20
    /// `trusted_proxies`: addresses and ranges whose word about a client's address is taken. Default: none.
    package var trustedProxies: [String] = []
    /// `session_timeout`: how long a session of `sluice.v1` is remembered that has no connection. Default: 5 min.
    package var sessionTimeout = Duration.seconds(300)
    /// `max_sessions`: how many are remembered, with and without a connection. Default: 100,000.
    package var maxSessions = 100_000
    /// `compression`: permessage-deflate.
    package var compression = Compression()
    /// `origins`, `auth` and `limits` of every listener and route that has none of its own.
    package var access = Access()
    /// `dead_letters` of every route that says nothing else. Default: off.
    package var deadLetters: DeadLetters?
    /// `routes`: paths and what is done with their logs. Default: `/logs`, and `/echo` with `reply: echo`.
    package var routes: [Route] = []
    /// `logging`: Sluice's own log lines.
    package var logging = Logging()
    /// `kafka_metrics`: what `/metrics` tells of the cluster.
    package var kafkaMetrics = KafkaMetrics()
    /// `output.kafka` or `output.console`: exactly one. Default: Kafka, embedded.
    package var output = Output.kafka(KafkaOutput())
    /// Where each key that somebody set was written.
    var origins: [String: SettingOrigin] = [:]

    /// One of `listeners`.
    package struct Listener: Equatable, Sendable {
        /// `listeners[].address`, required.
        package var address: ListenAddress
        /// `listeners[].ssl`: TLS where there is an `ssl` and `ssl.enabled` is not false.
        package var tls: ListenerTLS?
        /// `listeners[].proxy_protocol`: every connection begins with a PROXY header. Default: off.
        package var isProxied = false
        /// `origins`, `auth` and `limits` of this listener.
        package var access = Access()
        /// It runs, and the settings that were read since have it no more: it stays until the restart. Its files may be
        /// gone.
        package var isLeaving = false
        /// The same of its `ssl`.
        package var isSecurityLeaving = false

        package init(address: ListenAddress) { self.address = address }
    }

    /// `logging`.
    package struct Logging: Equatable, Sendable {
        package enum Level: String, CaseIterable, Sendable {
            case debug
            case info
            case warning
            case error
        }

        /// `logging.level`: the least that is said. Default: info.
        package var level = Level.info
        /// `logging.json`: one JSON object a line instead of text. Default: false.
        package var json = false

        package init(level: Level = .info, json: Bool = false) {
            self.level = level
            self.json = json
        }
    }

    /// Where logs go.
    package enum Output: Sendable {
        case kafka(KafkaOutput)
        /// Standard output, one record a line.
        case console
    }
}
