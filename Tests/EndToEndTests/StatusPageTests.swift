import Foundation
import Testing

extension WholeSystem {
    /// The page at `/` of the admin listener, in headless Chromium.
    @Suite(.enabled(if: Built.exists(Built.chromium), "chromium is not installed")) struct StatusPageTests {
        private let workspace: Workspace

        init() throws { workspace = try Workspace() }

        private static func field(_ id: String) -> String { "document.getElementById('\(id)').textContent" }

        /// The value of an expression within the page.
        private func ask(_ page: Child, _ expression: String) async throws -> String {
            let before = page.output.count { $0 == "\n" }
            let line = try JSONSerialization.data(withJSONObject: ["evaluate": "String(\(expression))"])
            try page.tell(String(decoding: line, as: UTF8.self))
            let answer = try await page.lines(before + 1, within: .seconds(300))[before]
            let object = try JSONSerialization.jsonObject(with: Data(answer.utf8)) as? [String: Any]
            guard let value = object?["value"] as? String else { throw Failure("\(expression): \(answer)") }
            return value
        }

        /// Waits until the page shows this.
        private func shows(_ page: Child, _ expression: String, _ text: String) async throws {
            var last = ""
            try await eventually("\(expression) is \(text), not \(last)", within: .seconds(240)) {
                last = try await ask(page, expression)
                return last == text
            }
        }

        @Test func itShowsWhatStatusSaysAndSaysWhenSluiceIsGone() async throws {
            let broker = try await MockBroker.start(topics: ["logs": 4, "devices": 2], in: workspace)
            let odd = "/<img/src=x/onerror=alert(1)>"
            let gateway = try await Gateway.start(
                kafka: broker.hosts,
                routes: "- path: /logs\n- path: '\(odd)'\n  topic: devices",
                in: workspace
            )
            let socket = try RawWebSocket(port: gateway.port)
            for number in 0..<50 { try socket.send(text: "log \(number)") }
            for _ in 0..<3 { try socket.send(text: "") }
            let refused = try RawWebSocket(port: gateway.port, path: odd)
            try refused.send(text: "of a device")
            try await gateway.settled(54)

            let address = "http://127.0.0.1:\(gateway.admin)/"
            let page = try Tool.client(
                "statuspage.py",
                [Built.chromium.path, workspace.fresh("profile").path, address],
                in: workspace
            )
            try await shows(page, Self.field("state"), "Ready")
            let body = try HTTP.get("/status", port: gateway.admin).body
            let status = try #require(try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any])
            let logs = try #require(status["logs"] as? [String: Any])
            let connections = try #require(status["connections"] as? [String: Any])
            for (id, value) in [
                ("received", logs["received"]), ("delivered", logs["delivered"]), ("dropped", logs["dropped"]),
                ("in-flight", logs["in_flight"]), ("connections", connections["open"]),
                ("version", status["version"]),
            ] {
                try await shows(page, Self.field(id), "\(try #require(value))")
            }
            #expect(logs["received"] as? Int == 54 && connections["open"] as? Int == 2, "\(body)")
            let cells = "[...document.querySelectorAll('%@ tr')].map(row => row.cells[0].textContent).sort().join()"
            func names(_ id: String) -> String { cells.replacing("%@", with: "#\(id)") }
            #expect(try await ask(page, names("drops")) == "empty")
            #expect(try await ask(page, names("topics")) == "devices,logs")
            #expect(try await ask(page, names("routes")) == "\(odd),/logs")
            #expect(try await ask(page, "document.querySelectorAll('main img').length") == "0")
            // It goes on asking: what comes in now appears, in the chart too.
            for number in 0..<20 { try socket.send(text: "later \(number)") }
            try await gateway.settled(74)
            try await shows(page, Self.field("received"), "74")
            let line = "document.getElementById('received-line').getAttribute('d').includes('L')"
            try await shows(page, line, "true")
            #expect(try await ask(page, "faults") == "[]")

            #expect(try await gateway.stop() == .code(0))
            try await shows(page, Self.field("state"), "Does not answer")
            #expect(try await ask(page, Self.field("received")) == "74")
        }
    }
}
