/// What the gateway is given to do, in rounds: every connection writes once, then the gateway does all of it.
struct Scenario {
    let name: String
    let path: String
    let subprotocol: String?
    let connections: Int
    /// Logs that one connection writes at a time; 0: it comes and goes instead.
    let batch: Int
    /// Other connections, which are silent.
    var idle = 0

    static let all = [
        Scenario(name: "A", path: "/logs", subprotocol: nil, connections: 50, batch: 50),
        Scenario(name: "B", path: "/logs", subprotocol: nil, connections: 50, batch: 1),
        Scenario(name: "T", path: "/logs", subprotocol: nil, connections: 1, batch: 1),
        Scenario(name: "TI", path: "/logs", subprotocol: nil, connections: 1, batch: 1, idle: 1_000),
        Scenario(name: "C", path: "/logs", subprotocol: nil, connections: 50, batch: 0),
        Scenario(name: "D", path: "/echo", subprotocol: nil, connections: 50, batch: 1),
        Scenario(name: "AK", path: "/logs", subprotocol: "sluice.v1", connections: 50, batch: 50),
        Scenario(name: "BK", path: "/logs", subprotocol: "sluice.v1", connections: 50, batch: 1),
    ]

    /// 200 bytes of JSON.
    static let log: String = {
        let head = #"{"timestamp":"2026-01-02T03:04:05.678Z","message":""#
        return head + String(repeating: "x", count: 200 - head.count - 2) + #""}"#
    }()
}
