import Foundation
import Testing

extension WholeSystem {
    /// Headless Chromium, from pages on other origins than the gateway's.
    @Suite struct BrowserTests {
        private let workspace: Workspace

        init() throws { workspace = try Workspace() }

        private struct Result: Decodable {
            var opened: Bool?
            var `protocol`: String?
            var extensions: String?
            var answer: String?
            var code: Int?
            var beacon: Bool?
            var error: String?
            var fetch: Status?

            enum Status: Decodable, Equatable {
                case code(Int)
                case blocked

                init(from decoder: any Decoder) throws {
                    let value = try decoder.singleValueContainer()
                    if let code = try? value.decode(Int.self) { self = .code(code) } else { self = .blocked }
                }
            }
        }

        private func visit(_ browser: Child, _ number: Int, _ plan: [String: Any]) async throws -> Result {
            let line = try JSONSerialization.data(withJSONObject: plan)
            try browser.tell(String(decoding: line, as: UTF8.self))
            let answer = try await browser.lines(number + 1, within: .seconds(300))[number]
            return try JSONDecoder().decode(Result.self, from: Data(answer.utf8))
        }

        @Test func aPageOfAnAllowedOriginSendsAndAnotherOneIsRefused() async throws {
            let profile = workspace.fresh("profile")
            let browser = try Tool.client("browser.py", [Built.chromium.path, profile.path], in: workspace)
            let port = try await browser.lines(1)[0]
            let gateway = try await Gateway.start(
                kafka: nil,
                routes: """
                    - path: /logs
                      origins: ["http://app.localhost:\(port)", "http://*.team.localhost:\(port)"]
                      auth: {tokens: [{name: web, token: s3cret-of-the-page}]}
                      source: headers
                    """,
                in: workspace
            )
            let reader = try TopicReader(hosts: try await gateway.embeddedBroker(), in: workspace)
            let posting = "http://127.0.0.1:\(gateway.port)/logs?token=s3cret-of-the-page"
            var plan: [String: Any] = [
                "origin": "app.localhost", "socket": "\(gateway.url)/logs", "count": 1000,
                "protocols": ["sluice", "token.s3cret-of-the-page"], "beacon": posting, "fetch": posting,
            ]
            let allowed = try await visit(browser, 1, plan)
            #expect(allowed.opened == true, "\(allowed)")
            #expect(allowed.protocol == "sluice")
            #expect(allowed.extensions?.contains("permessage-deflate") == true)
            #expect(allowed.answer == "pong")
            #expect(allowed.code == 1000)
            #expect(allowed.fetch == .code(204), "\(allowed)")
            #expect(allowed.beacon == true)
            try await gateway.settled(1_002)

            plan["origin"] = "a.team.localhost"
            plan["count"] = 1
            plan["beacon"] = nil
            plan["fetch"] = nil
            let wildcard = try await visit(browser, 2, plan)
            #expect(wildcard.opened == true, "\(wildcard)")

            plan["origin"] = "evil.localhost"
            plan["fetch"] = posting
            let refused = try await visit(browser, 3, plan)
            #expect(refused.opened == nil, "\(refused)")
            #expect(refused.code == 1006)
            #expect(refused.fetch == .blocked, "\(refused)")

            plan["origin"] = "app.localhost"
            plan["protocols"] = ["sluice", "token.wrong"]
            plan["fetch"] = nil
            let wrong = try await visit(browser, 4, plan)
            #expect(wrong.opened == nil, "\(wrong)")

            let metrics = try await gateway.settled(1_003)
            #expect(metrics.delivered == 1_003)
            #expect(metrics.sum("sluice_connections_refused_total", #"reason="origin_refused""#) >= 1)
            #expect(metrics.sum("sluice_connections_refused_total", #"reason="unauthorized""#) >= 1)
            #expect(!gateway.child.errors.contains("s3cret"))
            let records = try await reader.records(1_003)
            #expect(records.count { $0.contains("page ") && $0.hasSuffix(" é🚀\"}") } == 1_001)
            #expect(records.contains { $0.contains(#""message":"beacon""#) })
            #expect(try await gateway.stop() == .code(0))
        }
    }
}
