import Foundation
import Testing

extension WholeSystem {
    /// The first thing that a newcomer runs, and then runs what it printed.
    @Suite struct QuickstartTests {
        private let workspace: Workspace

        init() throws { workspace = try Workspace() }

        @Test func whatTheQuickstartPrintsWorksAsItStands() async throws {
            let quickstart = try Child(
                Built.package.appending(path: "deploy/quickstart"),
                ["-E", "listeners=[{address: \"127.0.0.1:0\"}]", "-E", "admin=127.0.0.1:0"],
                in: workspace
            )
            func line(_ what: String, _ pattern: Regex<Substring>) async throws -> String {
                // The release build is in here.
                try await eventually("the quickstart prints \(what)", within: .seconds(1_500)) {
                    if let status = quickstart.status { throw Failure("it ended, \(status): \(quickstart.errors)") }
                    let line = quickstart.output.split(separator: "\n").first { $0.wholeMatch(of: pattern) != nil }
                    return line.map(String.init)
                }
            }
            let send = try await line("how to send", /\/\S+\/sluice send ws:\/\/127\.0\.0\.1:\d+\/logs 'hello'/)
            let read = try await line("how to read", /kcat -C -b 127\.0\.0\.1:\d+ -t logs -e/)

            for _ in 0..<2 {
                let sent = try await Tool.run(Built.bash, ["-c", send], in: workspace)
                #expect(sent.status == .code(0), "\(sent)")
            }
            let records = try await eventually("both logs are in the topic") {
                let result = try await Tool.run(Built.bash, ["-c", read], in: workspace)
                #expect(result.status == .code(0), "\(result)")
                let lines = result.output.split(separator: "\n")
                return lines.count >= 2 ? lines : nil
            }
            #expect(records.count == 2)
            #expect(records.allSatisfy { $0.contains(#""message":"hello""#) })

            quickstart.signal(2)
            #expect(try await quickstart.exit() == .code(0), "\(quickstart.errors)")
        }
    }
}
