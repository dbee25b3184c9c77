import Foundation
import Glibc

/// A real Apache Kafka of the test's own: three brokers, in a folder and on ports that nobody else has.
final class KafkaCluster: Sendable {
    enum Listener: String {
        case plaintext = "PLAINTEXT"
        case ssl = "SSL"
        case saslSSL = "SASL_SSL"
        case saslPlaintext = "SASL_PLAINTEXT"
    }

    static let brokers = 3

    private let script: URL
    private let port: Int
    private let folder: URL
    private let environment: [String: String]
    private let workspace: Workspace

    /// - Parameter secure: with TLS and SASL listeners and an authorizer.
    static func start(version: String, secure: Bool = false, in workspace: Workspace) async throws -> KafkaCluster {
        guard let home = Built.kafka else { throw Failure("SLUICE_KAFKA is not set") }
        let options = ["--brokers", "\(brokers)", "--version", version] + (secure ? ["--secure"] : [])
        var failures: [String] = []
        // Who else runs on this machine may take a port between the look and the use.
        for base in try freePorts().prefix(3) {
            let cluster = KafkaCluster(script: home.appending(path: "kafka"), port: base, in: workspace)
            do {
                try await cluster.perform(["start"] + options)
                return cluster
            } catch {
                failures.append("\(error)")
            }
        }
        throw Failure("Kafka does not start: \(failures.joined(separator: "\n"))")
    }

    private init(script: URL, port: Int, in workspace: Workspace) {
        self.script = script
        self.workspace = workspace
        self.port = port
        folder = workspace.fresh("kafka")
        environment = ["KAFKA_DIR": folder.path, "KAFKA_PORT": "\(port)", "KAFKA_WAIT": "240"]
        Evidence.attend(self)
    }

    deinit {
        Evidence.leave(self)
        // Its brokers run in sessions of their own, so nothing but its own command finds them.
        guard let wiping = try? Child(script, ["wipe"], in: workspace, environment: environment) else { return }
        while wiping.status == nil { usleep(20_000) }
    }

    /// Firsts of thirty neighbouring ports that are free now: each broker takes five out of ten. Where the search begins
    /// is this process's own, so that two test runs do not look at the same ones at once.
    private static func freePorts() throws -> [Int] {
        let all = Array(stride(from: 21_000, to: 31_000, by: 100))
        let first = Int(ProcessInfo.processInfo.processIdentifier) % all.count
        let free = (all[first...] + all[..<first]).lazy.filter { base in (base..<base + 30).allSatisfy(isFree) }
        let found = Array(free.prefix(3))
        guard !found.isEmpty else { throw Failure("no thirty free ports in a row") }
        return found
    }

    private static func isFree(_ port: Int) -> Bool { (try? RawSocket(port: port)) == nil }

    /// One of its script's commands.
    @discardableResult
    func perform(_ words: [String]) async throws -> String {
        var environment = environment
        // What a broker does is its log's to tell; a tool's errors are read by people.
        if ["start", "restart"].contains(words[0]) { environment["KAFKA_LEVEL"] = "INFO" }
        // A group of its own: what it leaves behind, a broker that has not had the time to leave its group, must not be
        // killed with what is left of it.
        let command = ["--wait", script.path] + words
        do {
            return try await Tool.output(
                Built.setsid,
                command,
                in: workspace,
                environment: environment,
                within: .seconds(360)
            )
        } catch {
            throw Failure("\(error)\n\(testimony(isLeaving: false).joined(separator: "\n"))")
        }
    }

    func perform(_ words: String) async throws {
        do {
            try await perform(words.split(separator: " ").map(String.init))
        } catch let error where words.hasPrefix("topic ") && "\(error)".contains("already exists") {
            // Presumably Kafka's tool asked again when its first answer was late. Whatever it was: the topic has to be
            // the one that was asked for.
            let names = words.split(separator: " ").map(String.init)
            let described = try await perform(["tool", "topics", "--describe", "--topic", names[1]])
            let count = names.firstIndex(of: "--partitions").map { names[$0 + 1] } ?? "4"
            guard described.contains("PartitionCount: \(count)\t") else { throw error }
        }
    }

    /// Waits until every broker says that every replica of a topic is in sync: with one broker still on its way back,
    /// another that freezes leaves too few of them.
    func becomesWhole(_ topic: String) async throws {
        var views: [KafkaView] = []
        var comingBack = KafkaReturn(of: self)
        try await eventually(
            "all replicas of \(topic) are in sync\n\(views.map(\.description).joined(separator: "\n"))",
            within: .seconds(400)
        ) {
            views = try await self.views(of: topic)
            if views.allSatisfy(\.isWhole) { return true }
            try await comingBack.hasten(views)
            try await Task.sleep(for: .seconds(1))
            return false
        }
    }

    /// A topic as each broker sees it.
    func views(of topic: String) async throws -> [KafkaView] {
        var views: [KafkaView] = []
        for broker in members {
            // Of all topics: to ask for one by its name may make it.
            let words = ["-L", "-m", "10", "-b", broker.address]
            let listing = try await Tool.run(Built.kcat, words, in: workspace)
            views.append(KafkaView(broker, of: topic, listing.output + listing.errors))
        }
        return views
    }

    var members: [KafkaBroker] {
        (0..<Self.brokers).map { number in
            KafkaBroker(
                number: number,
                address: "127.0.0.1:\(port + 10 * number)",
                folder: folder.appending(path: "\(number)")
            )
        }
    }

    func hosts(_ listener: Listener = .plaintext) async throws -> String {
        try await perform(["bootstrap", listener.rawValue]).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// A file in its folder of certificates.
    func certificate(_ name: String) -> String { folder.appending(path: "tls").appending(path: name).path }

    /// Makes a client certificate for another name than the cluster's own client has.
    func makeCertificate(for name: String) async throws {
        let text = """
            cd '\(folder.appending(path: "tls").path)'
            openssl req -newkey rsa:2048 -nodes -subj '/CN=\(name)' -keyout \(name).key -out \(name).csr
            openssl x509 -req -in \(name).csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -out \(name).crt
            """
        _ = try await Tool.output(Built.bash, ["-ec", text], in: workspace)
    }
}

extension KafkaCluster: Witness {
    var rank: Int { 0 }

    func testimony(isLeaving: Bool) -> [String] { isLeaving ? [] : members.flatMap(\.testimony) }
}
