import Admission
import HTTPWire

/// Why a request does not come in, as a counter and as an answer.
struct Refusal {
    let reason: RefusalReason
    var response: Response
    /// For Sluice's own log, where there is more to say than what the client is told.
    var detail: String?

    init(_ reason: RefusalReason, _ status: Int, _ text: String, _ headers: [(name: String, value: String)] = []) {
        self.reason = reason
        response = .text(status, text)
        response.headers += headers
    }

    init(_ refusal: AdmissionRefusal) {
        switch refusal {
        case .origin:
            self.init(.origin, 403, "Pages of this origin may not send logs here.")
        case .credentials(let missing, let challenge, let detail):
            let text = missing ? "This route asks for credentials." : "These credentials are not good, or not any more."
            self.init(.unauthorized, 401, text, challenge.map { ("WWW-Authenticate", $0) })
            self.detail = detail
        }
    }

    init(_ full: Places.Full) {
        self.init(.tooMany, 429, "As many connections as \(full.setting) allows are open.", [("Retry-After", "10")])
    }

    static var tooManySessions: Refusal {
        let text = "As many sessions as max_sessions allows have a connection."
        return Refusal(.tooManySessions, 503, text, [("Retry-After", "10")])
    }

    static func notReady(_ text: StaticString) -> Refusal {
        Refusal(.notReady, 503, text.description, [("Retry-After", "5")])
    }
}
