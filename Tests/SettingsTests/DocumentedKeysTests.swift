import Foundation
import Testing

@testable import Settings

struct DocumentedKeysTests {
    /// Settings in which every table and list that can be there is there.
    static let everything = """
        listeners:
          - address: a:1
            ssl: {certificate: c, key: k, certificates: [{certificate: c, key: k}]}
            auth: {tokens: [{name: a, token: b}], basic: [{username: u, password: p}], jwt: {secret: s}}
            limits: {}
        dead_letters: {topic: d}
        routes: [{path: /a, dead_letters: {topic: d}}]
        output.kafka: {hosts: [a], metadata: {}, backoff: {}, sasl: {}, ssl: {}, partition: {}}
        logging: {}
        """

    /// Keys that are there to be refused or to be accepted without effect: the document names them in a sentence.
    static func isForOthers(_ key: String) -> Bool {
        let names = [
            "cipher_suites", "curve_types", "ca_sha256", "ca_trusted_fingerprint", "key_passphrase_path",
            "renegotiation",
            "full", "retry", "hash", "round_robin", "random", "key", "topics", "headers", "kerberos", "worker",
            "workers",
            "max_retries", "version", "channel_buffer_size", "loadbalance", "queue", "codec", "escape_html",
        ]
        return names.contains { key.hasSuffix(".\($0)") && (key.hasPrefix("output.") || $0 != "key" && $0 != "codec") }
            || key.hasSuffix(".ssl.verification_mode") && key.hasPrefix("listeners")
            || ["elasticsearch", "logstash", "redis", "file", "discard"].contains { key == "output.\($0)" }
    }

    @Test func everyKeyIsInTheDocument() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Sources/sluice/Documentation.docc/Settings.md")
        let document = try String(contentsOf: file, encoding: .utf8)
        let report = SettingsReport(file: .none)
        let root = try YAMLTree.parse(Array(Self.everything.utf8)) { _, _ in .none }
        guard case .table(let table) = root.content else { return #expect(Bool(false)) }
        _ = Settings(table, report: report, elsewhere: { [] })
        let tables = Set(report.knownKeys.filter { $0.kind == .table }.map(\.key))
        let keys = Set(report.knownKeys.map(\.key).filter { !tables.contains($0) && !Self.isForOthers($0) })
        #expect(keys.count > 80)
        for key in keys.sorted() {
            let written = key.replacing("output.kafka.", with: "").replacing("[0]", with: "[]")
            // `origins`, `auth` and `limits` are explained once for the three levels.
            let access = written.replacing(/^(listeners|routes)\[\]\.(?=origins|auth|limits|dead_letters)/, with: "")
            let isThere = document.contains("`\(access)`") || document.contains("`\(access)[].")
            #expect(isThere, "\(access) is not in Settings.md")
        }
    }
}
