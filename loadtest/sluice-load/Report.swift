/// What a run came to, for people and for machines.
struct Report {
    /// Logs refused by the server, by its reason.
    struct Drop: Equatable {
        let reason: String
        let count: Int
    }

    /// The run's 8 digits, as its logs have them.
    let run: String
    let url: String
    let profile: Profile
    /// Messages a second that were asked for; 0 without a rate.
    let wantedRate: Int
    /// Connections.
    let asked: Int
    /// Logs that were to be sent; nil when time alone decided.
    let planned: Int?
    var outcome: Outcome
    /// From the first log to the end of the last connection.
    var seconds = 0.0
    /// Of this process, verifier included.
    var processorSeconds = 0.0
    /// From when a log was due to when it was read from the topic.
    var delivery = LatencyHistogram()
    var findings: VerifyFindings?
    /// Why nothing could be verified.
    var verifierFault: String?

    init(_ setup: RunSetup, _ outcome: Outcome) {
        run = String(decoding: setup.run, as: UTF8.self)
        let arguments = setup.arguments
        // A query may hold a token.
        url =
            "\(arguments.url.isSecure ? "wss" : "ws")://\(arguments.url.authority)"
            + arguments.url.target.prefix { $0 != "?" }
        profile = arguments.profile
        wantedRate = arguments.rate
        asked = setup.plan.connections
        planned =
            setup.plan.messages == .max || arguments.duration != nil && arguments.rate == 0
            ? nil : setup.plan.messages
        self.outcome = outcome
    }

    /// Logs that were sent, each counted once.
    var sent: Int { outcome.sent.values.reduce(0, +) }
    var bytes: Int { outcome.bytes }
    var failed: Int { outcome.failed }
    var failures: [Outcome.Failure] { outcome.failures }

    /// Whether everything is as it should be.
    var isClean: Bool {
        failed == 0 && verifierFault == nil && findings?.isClean ?? true && sent == planned ?? sent
    }

    /// Logs a second; 0 when nothing ran.
    var rate: Double { seconds > 0 ? Double(sent) / seconds : 0 }

    /// From the first connection's begin to the last one's handshake.
    var openingSeconds: Double {
        outcome.openingEnded > outcome.openingBegan
            ? Double(outcome.openingEnded - outcome.openingBegan) / 1e9 : 0
    }

    var drops: [Drop] { outcome.dropped.map { Drop(reason: $0.key, count: $0.value) }.sorted { $0.reason < $1.reason } }

    /// What was measured, by name; the empty ones are left out.
    var latencies: [(name: String, key: String, histogram: LatencyHistogram)] {
        var all: [(name: String, key: String, histogram: LatencyHistogram)] = []
        if wantedRate > 0 { all.append(("due to handed over", "write", outcome.writes)) }
        let answer = profile.listening == .acks ? "ack" : "echo"
        all.append((wantedRate > 0 ? "due to \(answer)" : "sent to \(answer)", answer, outcome.replies))
        all.append(("due to read from the topic", "topic", delivery))
        all.append(("connecting", "connect", outcome.handshakes))
        return all.filter { !$0.histogram.isEmpty }
    }
}
