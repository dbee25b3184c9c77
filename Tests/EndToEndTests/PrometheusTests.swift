import Foundation
import Testing

extension WholeSystem {
    /// Prometheus itself scrapes the gateway under load.
    @Suite(.enabled(if: Built.exists(Built.prometheus), "prometheus is not installed")) struct PrometheusTests {
        private let workspace: Workspace

        init() throws { workspace = try Workspace() }

        private struct Answer: Decodable {
            struct Series: Decodable {
                let metric: [String: String]
                let values: [Point]
            }

            struct Point: Decodable {
                let value: String

                init(from decoder: any Decoder) throws {
                    var pair = try decoder.unkeyedContainer()
                    _ = try pair.decode(Double.self)
                    value = try pair.decode(String.self)
                }
            }

            struct Matrix: Decodable { let result: [Series] }

            let data: Matrix
        }

        /// What `sluice-load --json` says, as far as it is looked at here.
        private struct Sent: Decodable { let sent: Int }

        private func prometheus(scraping gateway: Gateway) async throws -> (Child, port: Int) {
            let file = try workspace.file(
                "prometheus.yml",
                """
                global: {scrape_interval: 1s}
                scrape_configs:
                  - job_name: sluice
                    static_configs: [{targets: ["127.0.0.1:\(gateway.admin)"]}]
                """
            )
            let child = try Child(
                Built.prometheus,
                [
                    "--config.file=\(file.path)", "--web.listen-address=127.0.0.1:0",
                    "--storage.tsdb.path=\(workspace.fresh("prometheus").path)",
                ],
                in: workspace
            )
            let port = try await eventually("prometheus listens") {
                if let status = child.status { throw Failure("prometheus ended, \(status): \(child.errors)") }
                let line = child.errors.firstMatch(of: /msg="Listening on" address=127\.0\.0\.1:(\d+)/)
                return line.flatMap { Int($0.1) }
            }
            // It listens before it answers.
            try await eventually("prometheus is ready") {
                try HTTP.get("/-/ready", port: port).status == 200
            }
            return (child, port)
        }

        /// The values of an expression at every second of a range.
        private func values(_ expression: String, from start: Date, to end: Date, port: Int) async throws -> [String] {
            let text = try await Tool.output(
                Built.curl,
                [
                    "-sS", "--noproxy", "*", "-G", "http://127.0.0.1:\(port)/api/v1/query_range",
                    "--data-urlencode", "query=\(expression)", "--data-urlencode", "step=1",
                    "--data-urlencode", "start=\(start.timeIntervalSince1970)",
                    "--data-urlencode", "end=\(end.timeIntervalSince1970)",
                ],
                in: workspace
            )
            do {
                let answer = try JSONDecoder().decode(Answer.self, from: Data(text.utf8))
                return answer.data.result.first?.values.map(\.value) ?? []
            } catch {
                throw Failure("\(expression): \(error): \(text.prefix(2_000))")
            }
        }

        @Test func theLawHoldsAtEveryInstantUnderLoad() async throws {
            let broker = try await MockBroker.start(in: workspace)
            let gateway = try await Gateway.start(
                kafka: broker.hosts,
                routes: "- path: /logs\n  max_len: 1500",
                in: workspace
            )
            let (child, port) = try await prometheus(scraping: gateway)
            // It begins to scrape seconds after its start.
            try await eventually("prometheus scrapes") {
                let now = Date()
                return try await values("up", from: now, to: now, port: port) == ["1"]
            }
            let start = Date()
            let load = try await Tool.output(
                Built.sluiceLoad,
                [
                    "\(gateway.url)/logs", "--connections", "8", "--rate", "2000", "--duration", "10", "--size",
                    "100-2000", "--json",
                ],
                in: workspace
            )
            let sent = try JSONDecoder().decode(Sent.self, from: Data(load.utf8)).sent
            let last = try await gateway.settled(sent)
            #expect(last.isConserved && last.dropped > 0 && last.delivered > 0, "\(load)")
            // What is asked for must have been scraped.
            try await eventually("the last counts are scraped") {
                let now = Date()
                return try await values("sum(sluice_logs_received_total)", from: now, to: now, port: port).last
                    == "\(last.received)"
            }
            let end = Date()
            let law = """
                sum(sluice_logs_received_total) - sum(sluice_logs_delivered_total) - sum(sluice_logs_dropped_total)
                - sum(sluice_logs_in_flight)
                """
            let broken = try await values(law, from: start, to: end, port: port)
            #expect(broken.count >= 8 && broken.allSatisfy { $0 == "0" }, "\(broken)")
            // It is a law about something: the counts differ from one instant to the next.
            let received = try await values("sum(sluice_logs_received_total)", from: start, to: end, port: port)
            #expect(Set(received).count >= 4, "\(received)")
            let up = try await values("up", from: end, to: end, port: port)
            #expect(up == ["1"])
            for name in [
                "process_cpu_seconds_total", "sluice_delivery_seconds_count", "sluice_batch_records_count",
                "sluice_loop_tick_seconds_count", "sluice_topic_healthy", "sluice_topic_logs_in_flight",
            ] {
                #expect(try await values(name, from: end, to: end, port: port).count == 1, "\(name)")
            }
            child.signal(SIGTERM)
            try await child.exit()
            #expect(try await gateway.stop() == .code(0))
        }
    }
}
