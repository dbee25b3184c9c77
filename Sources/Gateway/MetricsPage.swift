import LogPipeline
import Telemetry

/// What `/metrics` says: one consistent set of counters as families.
struct MetricsPage {
    let routes: [String]
    /// By topic index.
    let topics: [String]
    let buildInfo: KeyValuePairs<String, String>

    /// - Parameters:
    ///   - sessions: how many are remembered.
    ///   - states: the topics that are written to.
    ///   - reload: nil: nobody reads the settings again.
    func families(
        _ set: LoopSnapshot,
        _ extra: FlusherCounters,
        sessions: Int,
        states: [TopicState],
        reload: ReloadStatus?
    ) -> [MetricFamily] {
        var page = MetricFamilies()
        logs(set.ledger, &page)
        flight(set.ledger, &page)
        health(states, set.ledger, &page)
        work(set, &page)
        connections(set, &page)
        page.begin("sluice_sessions", .gauge, help: "Sessions of sluice.v1 that are remembered.")
        page.sample(sessions)
        page.begin(
            "sluice_reordered_total",
            .counter,
            help: "Records stored behind later ones of their partition."
        )
        page.sample(extra.reordered)
        page.begin(
            "sluice_kafka_uncertain_total",
            .counter,
            help: "Records produced again though Kafka may have stored them before."
        )
        page.sample(extra.uncertain)
        page.begin(
            "sluice_dead_letters_total",
            .counter,
            help: "Dropped logs of which the dead letter topic tells (sent), or does not (lost)."
        )
        page.sample(set.deadLettersSent, labels: ["result": "sent"])
        page.sample(set.deadLettersLost, labels: ["result": "lost"])
        if let reload { settings(reload, &page) }
        page.begin("sluice_build_info", .gauge, help: "Versions; the value is always 1.")
        page.sample(1, labels: buildInfo)
        return page.all
    }

    // Prometheus' own names of the same, as exporters and Alertmanager have them.
    private func settings(_ reload: ReloadStatus, _ page: inout MetricFamilies) {
        page.begin(
            "sluice_config_last_reload_successful",
            .gauge,
            help: "Whether the settings, certificates and tokens that were read last could be used."
        )
        page.sample(reload.isSuccessful ? 1 : 0)
        page.begin(
            "sluice_config_last_reload_success_timestamp_seconds",
            .gauge,
            help: "When any of them were last read and used, seconds since 1970."
        )
        page.sample(reload.succeededAt)
    }

    private func logs(_ ledger: LedgerSnapshot, _ page: inout MetricFamilies) {
        page.begin(
            "sluice_logs_received_total",
            .counter,
            help: "Logs whose message was complete, or over max_len."
        )
        for (route, count) in zip(routes, ledger.received) { page.sample(count, labels: ["route": route]) }
        page.begin("sluice_logs_delivered_total", .counter, help: "Logs stored by all in-sync replicas.")
        for (topic, count) in zip(topics, ledger.delivered) { page.sample(count, labels: ["topic": topic]) }
        page.begin("sluice_logs_dropped_total", .counter, help: "Logs that were not relayed, by reason.")
        for reason in DropReason.allCases { page.sample(ledger.dropped(reason), labels: ["reason": reason.label]) }
        page.begin("sluice_received_bytes_total", .counter, help: "Payload bytes of messages.")
        for (route, count) in zip(routes, ledger.receivedBytes) { page.sample(count, labels: ["route": route]) }
    }

    private func flight(_ ledger: LedgerSnapshot, _ page: inout MetricFamilies) {
        page.begin("sluice_logs_in_flight", .gauge, help: "Logs received, neither delivered nor dropped yet.")
        page.sample(ledger.inFlight)
        page.begin("sluice_in_flight_bytes", .gauge, help: "Bytes of the logs in flight.")
        page.sample(ledger.inFlightBytes)
        page.begin("sluice_oldest_in_flight_seconds", .gauge, help: "Age of the oldest log in flight.")
        page.sample(Double(ledger.oldestInFlight) / 1e9)
        page.begin("sluice_delivery_seconds", .histogram, help: "From received to stored.")
        page.sample(ledger.delivery)
    }

    private func health(_ states: [TopicState], _ ledger: LedgerSnapshot, _ page: inout MetricFamilies) {
        let states = states.filter { $0.index < ledger.topicInFlight.count }
        page.begin("sluice_topic_healthy", .gauge, help: "Whether logs can be delivered to the topic.")
        for state in states { page.sample(state.health == .healthy ? 1 : 0, labels: ["topic": state.name]) }
        page.begin("sluice_topic_logs_in_flight", .gauge, help: "Logs handed over and not settled yet.")
        for state in states { page.sample(ledger.topicInFlight[state.index], labels: ["topic": state.name]) }
        page.begin("sluice_topic_oldest_in_flight_seconds", .gauge, help: "Age of the oldest of these.")
        for state in states {
            page.sample(Double(ledger.topicOldest[state.index]) / 1e9, labels: ["topic": state.name])
        }
    }

    private func work(_ set: LoopSnapshot, _ page: inout MetricFamilies) {
        page.begin("sluice_batch_records", .histogram, help: "Records of a batch that was handed over.")
        page.sample(set.ledger.batchSizes)
        page.begin(
            "sluice_loop_tick_seconds",
            .histogram,
            help: "How long a turn of an event loop took: what came in meanwhile waited for so long."
        )
        page.sample(set.tickTimes)
    }

    private func connections(_ set: LoopSnapshot, _ page: inout MetricFamilies) {
        page.begin("sluice_connections", .gauge, help: "Open WebSocket connections.")
        for (route, count) in zip(routes, set.connections) { page.sample(count, labels: ["route": route]) }
        page.begin("sluice_connections_accepted_total", .counter, help: "Connections that were upgraded.")
        page.sample(set.accepted)
        page.begin(
            "sluice_connections_refused_total",
            .counter,
            help: "Connections that were not upgraded, by reason."
        )
        for reason in RefusalReason.allCases {
            page.sample(set.refused[Int(reason.rawValue)], labels: ["reason": reason.label])
        }
        page.begin(
            "sluice_connections_paused",
            .gauge,
            help: "Connections that are not read, so that their senders feel the pressure."
        )
        page.sample(set.paused)
        page.begin(
            "sluice_connections_slowed_total",
            .counter,
            help: "Times a connection was paused because it sent more than its limits allow, by reason."
        )
        for reason in SlowReason.allCases {
            page.sample(set.slowed[Int(reason.rawValue)], labels: ["reason": reason.label])
        }
        page.begin("sluice_connections_reset_total", .counter, help: "Connections that their peer reset.")
        page.sample(set.resets)
        page.begin(
            "sluice_echoes_skipped_total",
            .counter,
            help: "Echoes left out because the client reads too slowly."
        )
        page.sample(set.echoesSkipped)
        page.begin("sluice_acks_sent_total", .counter, help: "Acknowledgements sent to clients of sluice.v1.")
        page.sample(set.acksSent)
        page.begin(
            "sluice_resent_messages_total",
            .counter,
            help: "Messages that their session had received before; not among the logs received."
        )
        page.sample(set.resent)
        page.begin("sluice_tls_handshakes_total", .counter, help: "TLS handshakes that were completed.")
        page.sample(set.tlsHandshakes)
        page.begin("sluice_posts_total", .counter, help: "Answers to HTTP POST on the routes, by status.")
        for status in PostStatus.allCases {
            page.sample(set.posts[Int(status.rawValue)], labels: ["status": String(status.code)])
        }
    }
}
