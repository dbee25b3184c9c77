import Settings
import Testing

@testable import sluice

@Suite struct AdminClientTests {
    @Test func anAnswerIsTakenApart() throws {
        let answer = try AdminClient.answer(
            Array("HTTP/1.1 503 Service Unavailable\r\nA: b\r\n\r\nbody\r\n\r\n".utf8),
            from: "a"
        )
        #expect(answer == .init(status: 503, body: "body\r\n\r\n"))
        for text in ["", "HTTP/1.1 200 OK\r\n", "SSH-2.0\r\n\r\n", "HTTP/1.1 OK\r\n\r\n"] {
            #expect(throws: AdminClient.Problem.self) { try AdminClient.answer(Array(text.utf8), from: "a") }
        }
    }

    @Test func whoListensEverywhereIsFoundHere() {
        #expect(
            ["0.0.0.0", "", "::", "10.0.0.1"].map(AdminClient.reachable) == [
                "127.0.0.1", "127.0.0.1", "::1", "10.0.0.1",
            ]
        )
    }

    @Test func whereNobodyIsNobodyAnswers() {
        for address in [ListenAddress.unix(path: "/nowhere/at/all"), .tcp(host: "127.0.0.1", port: 1)] {
            let problem = #expect(throws: AdminClient.Problem.self) {
                try AdminClient(address, seconds: 5).ask("GET", "/readyz")
            }
            #expect(problem?.description.contains("nobody answers at") == true, "\(address)")
        }
    }

    @Test func readinessIsSaidInWords() {
        let reasons = [
            Readiness.Reason(topic: "logs", reason: "brokers_down", detail: "no broker answers"),
            Readiness.Reason(topic: nil, reason: "draining", detail: "it ends"),
        ]
        #expect(
            Readiness(ready: false, reasons: reasons).description
                == "not ready\ntopic logs: brokers_down: no broker answers\ndraining: it ends"
        )
        #expect(Readiness(ready: true, reasons: []).description == "ready")
    }
}
