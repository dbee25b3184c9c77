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

    private let script: URL
    private let folder: URL
    private let environment: [String: String]
    private let workspace: Workspace

    /// - Parameter secure: with TLS and SASL listeners and an authorizer.
    static func start(version: String, secure: Bool = false, in workspace: Workspace) async throws -> KafkaCluster {
        guard let home = Built.kafka else { throw Failure("SLUICE_KAFKA is not set") }
        let cluster = KafkaCluster(script: home.appending(path: "kafka"), port: try freePorts(), in: workspace)
        let options = ["--brokers", "3", "--version", version] + (secure ? ["--secure"] : [])
        try await cluster.perform(["start"] + options)
        return cluster
    }

    private init(script: URL, port: Int, in workspace: Workspace) {
        self.script = script
        self.workspace = workspace
        folder = workspace.fresh("kafka")
        environment = ["KAFKA_DIR": folder.path, "KAFKA_PORT": "\(port)"]
    }

    deinit {
        // Its brokers run in sessions of their own, so nothing but its own command finds them.
        guard let wiping = try? Child(script, ["wipe"], in: workspace, environment: environment) else { return }
        while wiping.status == nil { usleep(20_000) }
    }

    /// The first of thirty neighbouring ports that are free now: each broker takes five out of ten.
    private static func freePorts() throws -> Int {
        for base in stride(from: 21_000, to: 31_000, by: 100) where (base..<base + 30).allSatisfy(isFree) {
            return base
        }
        throw Failure("no thirty free ports in a row")
    }

    private static func isFree(_ port: Int) -> Bool { (try? RawSocket(port: port)) == nil }

    /// One of its script's commands.
    @discardableResult
    func perform(_ words: [String]) async throws -> String {
        try await Tool.output(script, words, in: workspace, environment: environment, within: .seconds(180))
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

    /// Waits until every replica of a topic is in sync: with one broker still on its way back, another that freezes leaves
    /// too few of them.
    func becomesWhole(_ topic: String) async throws {
        let words = ["tool", "topics", "--describe", "--topic", topic, "--under-replicated-partitions"]
        try await eventually("all replicas of \(topic) are in sync", within: .seconds(180)) {
            try await !perform(words).contains("Partition:")
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
