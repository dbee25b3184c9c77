import LogPipeline
import Telemetry

/// `/metrics`: one consistent set of counters as Prometheus text.
struct MetricsPage {
    let routes: [String]
    /// By topic index.
    let topics: [String]
    let buildInfo: KeyValuePairs<String, String>

    /// - Parameter sessions: how many are remembered.
    func render(_ set: LoopSnapshot, _ extra: FlusherCounters, sessions: Int) -> String {
        var text = PrometheusText()
        logs(set.ledger, &text)
        flight(set.ledger, &text)
        connections(set, &text)
        text.begin("sluice_sessions", .gauge, help: "Sessions of sluice.v1 that are remembered.")
        text.sample(sessions)
        text.begin(
            "sluice_reordered_total",
            .counter,
            help: "Records stored behind later ones of their partition."
        )
        text.sample(extra.reordered)
        text.begin(
            "sluice_kafka_uncertain_total",
            .counter,
            help: "Records produced again though Kafka may have stored them before."
        )
        text.sample(extra.uncertain)
        text.begin(
            "sluice_dead_letters_total",
            .counter,
            help: "Dropped logs of which the dead letter topic tells (sent), or does not (lost)."
        )
        text.sample(set.deadLettersSent, labels: ["result": "sent"])
        text.sample(set.deadLettersLost, labels: ["result": "lost"])
        text.begin("sluice_build_info", .gauge, help: "Versions; the value is always 1.")
        text.sample(1, labels: buildInfo)
        return text.text
    }

    private func logs(_ ledger: LedgerSnapshot, _ text: inout PrometheusText) {
        text.begin(
            "sluice_logs_received_total",
            .counter,
            help: "Logs whose message was complete, or over max_len."
        )
        for (route, count) in zip(routes, ledger.received) { text.sample(count, labels: ["route": route]) }
        text.begin("sluice_logs_delivered_total", .counter, help: "Logs stored by all in-sync replicas.")
        for (topic, count) in zip(topics, ledger.delivered) { text.sample(count, labels: ["topic": topic]) }
        text.begin("sluice_logs_dropped_total", .counter, help: "Logs that were not relayed, by reason.")
        for reason in DropReason.allCases { text.sample(ledger.dropped(reason), labels: ["reason": reason.label]) }
        text.begin("sluice_received_bytes_total", .counter, help: "Payload bytes of messages.")
        for (route, count) in zip(routes, ledger.receivedBytes) { text.sample(count, labels: ["route": route]) }
    }

    private func flight(_ ledger: LedgerSnapshot, _ text: inout PrometheusText) {
        text.begin("sluice_logs_in_flight", .gauge, help: "Logs received, neither delivered nor dropped yet.")
        text.sample(ledger.inFlight)
        text.begin("sluice_in_flight_bytes", .gauge, help: "Bytes of the logs in flight.")
        text.sample(ledger.inFlightBytes)
        text.begin("sluice_oldest_in_flight_seconds", .gauge, help: "Age of the oldest log in flight.")
        text.sample(Double(ledger.oldestInFlight) / 1e9)
        text.begin("sluice_delivery_seconds", .histogram, help: "From received to stored.")
        text.sample(ledger.delivery)
    }

    private func connections(_ set: LoopSnapshot, _ text: inout PrometheusText) {
        text.begin("sluice_connections", .gauge, help: "Open WebSocket connections.")
        for (route, count) in zip(routes, set.connections) { text.sample(count, labels: ["route": route]) }
        text.begin("sluice_connections_accepted_total", .counter, help: "Connections that were upgraded.")
        text.sample(set.accepted)
        text.begin(
            "sluice_connections_refused_total",
            .counter,
            help: "Connections that were not upgraded, by reason."
        )
        for reason in RefusalReason.allCases {
            text.sample(set.refused[Int(reason.rawValue)], labels: ["reason": reason.label])
        }
        text.begin(
            "sluice_connections_paused",
            .gauge,
            help: "Connections that are not read, so that their senders feel the pressure."
        )
        text.sample(set.paused)
        text.begin(
            "sluice_connections_slowed_total",
            .counter,
            help: "Times a connection was paused because it sent more than its limits allow, by reason."
        )
        for reason in SlowReason.allCases {
            text.sample(set.slowed[Int(reason.rawValue)], labels: ["reason": reason.label])
        }
        text.begin("sluice_connections_reset_total", .counter, help: "Connections that their peer reset.")
        text.sample(set.resets)
        text.begin(
            "sluice_echoes_skipped_total",
            .counter,
            help: "Echoes left out because the client reads too slowly."
        )
        text.sample(set.echoesSkipped)
        text.begin("sluice_acks_sent_total", .counter, help: "Acknowledgements sent to clients of sluice.v1.")
        text.sample(set.acksSent)
        text.begin(
            "sluice_resent_messages_total",
            .counter,
            help: "Messages that their session had received before; not among the logs received."
        )
        text.sample(set.resent)
        text.begin("sluice_tls_handshakes_total", .counter, help: "TLS handshakes that were completed.")
        text.sample(set.tlsHandshakes)
        text.begin("sluice_posts_total", .counter, help: "Answers to HTTP POST on the routes, by status.")
        for status in PostStatus.allCases {
            text.sample(set.posts[Int(status.rawValue)], labels: ["status": String(status.code)])
        }
    }
}
