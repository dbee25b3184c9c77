import Foundation
import Testing

extension WholeSystem {
    /// What the documents show is what the command takes.
    @Suite struct DocumentTests {
        private let workspace: Workspace

        init() throws { workspace = try Workspace() }

        private static func text(_ path: String) throws -> String {
            try String(contentsOf: Built.package.appending(path: path), encoding: .utf8)
        }

        @Test func everyConfigurationInTheReadmePassesTheCheck() async throws {
            let blocks = try Self.text("README.md").matches(of: /```yaml\n((?s).*?)```/)
            #expect(blocks.count == 3)
            try await makeFilesThatTheReadmeNames()
            for block in blocks {
                let file = try workspace.file("readme.yml", String(block.1))
                let result = try await Tool.run(
                    Built.bash,
                    [
                        "-c",
                        "cd '\(workspace.folder.path)' && exec '\(Built.sluice.path)' check --config '\(file.path)'",
                    ],
                    in: workspace
                )
                #expect(result.status == .code(0), "\(result)")
            }
        }

        private func makeFilesThatTheReadmeNames() async throws {
            let pair = try await Certificates(in: workspace).issue("DNS:logs.example.com")
            let files = FileManager.default
            try files.copyItem(at: pair.certificate, to: workspace.folder.appending(path: "tls.crt"))
            try files.copyItem(at: pair.key, to: workspace.folder.appending(path: "tls.key"))
            let texts = [
                "tokens.txt": "5f2b8c0e7d1a4f6b9c3e8d2a7f1b4c6e\n",
                "jwks.json": #"{"keys":[{"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}]}"#,
            ]
            for (name, text) in texts {
                try text.write(to: workspace.folder.appending(path: name), atomically: true, encoding: .utf8)
            }
        }

        @Test func everyConfigurationOfAdmissionPassesTheCheck() async throws {
            let tokens = try workspace.file("tokens", "shop-1 5f2b8c0e7d1a4f6b9c3e8d2a7f1b4c6e\n")
            let keys = try workspace.file(
                "keys.json",
                #"{"keys":[{"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}]}"#
            )
            let document = try Self.text("Sources/sluice/Documentation.docc/Admission.md")
            let blocks = document.matches(of: /```yaml\n((?s).*?)```/)
            #expect(blocks.count == 3)
            for block in blocks {
                let text = String(block.1).replacing("/etc/sluice/tokens", with: tokens.path)
                    .replacing("/etc/sluice/keys.json", with: keys.path)
                let file = try workspace.file("admission.yml", text)
                let result = try await Tool.run(
                    Built.sluice,
                    ["check", "--config", file.path],
                    in: workspace,
                    environment: ["WEB_TOKEN": "web-token", "FLUENT_BIT_PASSWORD": "password"]
                )
                #expect(result.status == .code(0), "\(result)")
            }
        }

        @Test func everyDocumentedDefaultIsTakenAsItStands() async throws {
            let document = try Self.text("Sources/sluice/Documentation.docc/Settings.md")
            let rows = document.matches(of: /\n\| `([a-z_.]+)` \| `([^`]+)` \|/)
            #expect(rows.count > 25)
            let output = try #require(document.firstRange(of: "## Output"))
            let overrides = rows.flatMap { row in
                let prefix = row.range.lowerBound < output.lowerBound ? "" : "output.kafka."
                return ["-E", "\(prefix)\(row.1)=\(row.2)"]
            }
            // What some of them need beside them: brokers, somebody to authenticate, a topic for dead letters.
            let others = [
                "dead_letters.topic=refused",
                "output.kafka.hosts=[\"127.0.0.1:1\"]", "output.kafka.username=somebody",
                "output.kafka.password=something",
            ].flatMap { ["-E", $0] }
            let result = try await Tool.run(Built.sluice, ["check"] + overrides + others, in: workspace)
            #expect(result.status == .code(0), "\(result)")
        }

        @Test func theDocumentsThatTheReadmeNamesAreThere() throws {
            let links = try Self.text("README.md").matches(of: /\]\(([^)]+)\)/)
            #expect(links.count >= 5)
            for link in links {
                #expect(FileManager.default.fileExists(atPath: Built.package.appending(path: String(link.1)).path))
            }
        }
    }
}
