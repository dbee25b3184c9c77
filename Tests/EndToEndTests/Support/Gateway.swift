import Foundation
import Glibc

/// `sluice serve` with a configuration of the test's own, on ports that the kernel chose.
final class Gateway: Sendable {
    /// Where clients connect.
    let port: Int
    /// Where `/metrics` and `/readyz` are.
    let admin: Int
    let child: Child

    /// Starts it and waits until it is ready, or, with `ready: false`, until it listens.
    ///
    /// - Parameters:
    ///   - kafka: `hosts` of the brokers; nil: the embedded one.
    ///   - kafkaSettings: further lines under `output.kafka`.
    ///   - settings: further top-level lines of the configuration.
    ///   - listener: further lines of its one listener.
    ///   - descriptors: how many it may open.
    static func start(
        kafka: String?,
        kafkaSettings: String = "",
        routes: String = "- path: /logs",
        settings: String = "",
        listener: String = "",
        descriptors: Int? = nil,
        ready: Bool = true,
        in workspace: Workspace
    ) async throws -> Gateway {
        let file = try workspace.file(
            "sluice.yml",
            configuration(
                kafka: kafka,
                kafkaSettings: kafkaSettings,
                routes: routes,
                settings: settings,
                listener: listener
            )
        )
        return try await start(file: file, descriptors: descriptors, ready: ready, in: workspace)
    }

    /// Starts it with a configuration file, which asks for JSON log lines.
    static func start(
        file: URL,
        arguments: [String] = [],
        environment: [String: String] = [:],
        descriptors: Int? = nil,
        ready: Bool = true,
        in workspace: Workspace
    ) async throws -> Gateway {
        var words = [Built.sluice.path, "serve", "--config", file.path] + arguments
        if let descriptors {
            words = [Built.bash.path, "-c", "ulimit -n \(descriptors); exec \"$@\"", "bash"] + words
        }
        let child = try Child(
            URL(filePath: words[0]),
            Array(words.dropFirst()),
            in: workspace,
            environment: environment
        )
        // The last line of a start that succeeds.
        _ = try await field("loops", of: "started", child)
        let gateway = Gateway(
            child,
            port: try await port(child, event: "listening"),
            admin: try await port(child, event: "admin.listening")
        )
        if ready { try await gateway.ready() }
        return gateway
    }

    static func configuration(
        kafka: String?,
        kafkaSettings: String,
        routes: String,
        settings: String,
        listener: String
    ) -> String {
        """
        listeners:
          - address: 127.0.0.1:0
        \(indented(listener, by: 4))
        admin: 127.0.0.1:0
        logging.json: true
        routes:
        \(indented(routes, by: 2))
        \(settings)
        output.kafka:
          \(kafka.map { "hosts: [\($0.split(separator: ",").map { "\"\($0)\"" }.joined(separator: ", "))]" } ?? "embedded: true")
        \(indented(kafkaSettings, by: 2))
        """
    }

    private static func indented(_ text: String, by count: Int) -> String {
        text.split(separator: "\n").map { String(repeating: " ", count: count) + $0 }.joined(separator: "\n")
    }

    private init(_ child: Child, port: Int, admin: Int) {
        self.child = child
        self.port = port
        self.admin = admin
        Evidence.attend(self)
    }

    deinit { Evidence.leave(self) }

    private static func port(_ child: Child, event: String) async throws -> Int {
        let address = try await field("address", of: event, child)
        guard let port = address.split(separator: ":").last.flatMap({ Int($0) }) else { throw Failure(address) }
        return port
    }

    private static func field(_ name: String, of event: String, _ child: Child) async throws -> String {
        try await eventually("sluice logs \(event) with \(name)") {
            if let value = events(child).first(where: { $0["event"] == event })?[name] { return value }
            if let status = child.status { throw Failure("sluice ended, \(status): \(child.errors.suffix(4_000))") }
            return nil
        }
    }

    /// Its log lines, each a dictionary of its fields.
    private static func events(_ child: Child) -> [[String: String]] {
        child.errors.split(separator: "\n").compactMap { line in
            (try? JSONSerialization.jsonObject(with: Data(line.utf8))) as? [String: Any]
        }.map { $0.mapValues { "\($0)" } }
    }

    var events: [[String: String]] { Self.events(child) }

    /// Where clients of its second listener connect.
    func secondPort() throws -> Int {
        let ports = events.filter { $0["event"] == "listening" }.compactMap { event in
            event["address"]?.split(separator: ":").last.flatMap { Int($0) }
        }
        guard ports.count > 1 else { throw Failure("there is one listener: \(ports)") }
        return ports[1]
    }

    func event(_ name: String) -> [String: String]? { events.first { $0["event"] == name } }

    /// The embedded broker's bootstrap.servers.
    func embeddedBroker() async throws -> String { try await Self.field("hosts", of: "kafka.embedded_broker", child) }

    var url: String { "ws://127.0.0.1:\(port)" }

    func metrics() throws -> Metrics {
        let response = try HTTP.get("/metrics", port: admin)
        guard response.status == 200 else { throw Failure("/metrics: \(response.head)") }
        return Metrics(response.body)
    }

    func readiness() throws -> HTTP.Response { try HTTP.get("/readyz", port: admin) }

    func ready(within limit: Duration = .seconds(120)) async throws {
        try await eventually("sluice is ready", within: limit) {
            if let status = child.status { throw Failure("sluice ended, \(status): \(child.errors.suffix(4_000))") }
            return try readiness().status == 200
        }
    }

    /// Waits until so many logs were received and every one is settled; gives that scrape.
    @discardableResult
    func settled(_ received: Int, within limit: Duration = .seconds(240)) async throws -> Metrics {
        try await eventually("\(received) logs are settled", within: limit) {
            let metrics = try metrics()
            return metrics.received >= received && metrics.inFlight == 0 ? metrics : nil
        }
    }

    /// Asks it to end and waits for that.
    @discardableResult
    func stop(_ signal: Int32 = SIGTERM, within limit: Duration = .seconds(120)) async throws -> ExitStatus {
        child.signal(signal)
        return try await child.exit(within: limit)
    }

    /// Resident memory in bytes.
    func residentBytes() throws -> Int {
        let text = try String(contentsOfFile: "/proc/\(child.pid)/statm", encoding: .utf8)
        guard let pages = text.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else { throw Failure(text) }
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    /// Processor time used so far, in user and system mode.
    func processorTime() throws -> Duration {
        let text = try String(contentsOfFile: "/proc/\(child.pid)/stat", encoding: .utf8)
        let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
        let ticks = (Int(fields[12]) ?? 0) + (Int(fields[13]) ?? 0)
        return .milliseconds(ticks * 1000 / Int(sysconf(Int32(_SC_CLK_TCK))))
    }

    /// Open descriptors.
    func descriptors() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/\(child.pid)/fd").count
    }
}

extension Gateway: Witness {
    var rank: Int { 1 }

    /// Its log is its process's to tell.
    func testimony(isLeaving: Bool) -> [String] {
        guard !isLeaving, child.status == nil else { return [] }
        var words = ["sluice (\(child.pid)) at port \(port):"]
        do {
            let metrics = Metrics(try HTTP.get("/metrics", port: admin, seconds: 10).body)
            words.append(
                "    \(metrics.received) received, \(metrics.delivered) delivered, \(metrics.dropped) dropped, "
                    + "\(metrics.inFlight) in flight; \(metrics.sum("sluice_connections")) connections, "
                    + "\(metrics.sum("sluice_connections_paused")) paused"
            )
            let readiness = try HTTP.get("/readyz", port: admin, seconds: 10)
            words.append("    /readyz \(readiness.status) \(readiness.body)")
        } catch {
            words.append("    its admin pages: \(error)")
        }
        return words
    }
}
