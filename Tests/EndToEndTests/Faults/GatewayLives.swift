import Foundation
import Glibc

/// Keeps a gateway running through its ends, and tells the clients where it is.
actor GatewayLives {
    private let setting: FaultSetting
    private let target: any FaultTarget
    private let workspace: Workspace
    private var fleets: [Child] = []
    private var lives: [GatewayLife] = []
    /// An end and the beginning that follows it.
    private var turn: Task<Void, any Error>?

    init(_ setting: FaultSetting, on target: any FaultTarget, in workspace: Workspace) {
        self.setting = setting
        self.target = target
        self.workspace = workspace
    }

    var all: [GatewayLife] { lives }
    /// The one that runs, or was the last to run.
    var current: GatewayLife { lives[lives.count - 1] }

    /// The first one, when it is ready.
    func begin() async throws -> GatewayLife {
        try await start(ready: true)
        return current
    }

    /// From now on these clients are told where the gateway is.
    func serve(_ fleets: [Child]) throws {
        self.fleets = fleets
        try tell("port \(current.gateway.port)")
    }

    private func tell(_ command: String) throws {
        for fleet in fleets { try fleet.tell(command) }
    }

    private func start(ready: Bool) async throws {
        var routes = "- path: /logs\n  topic: \(target.topic)"
        if setting.hasSource { routes += "\n  source: headers" }
        if let topic = target.shortLivedTopic { routes += "\n- path: /short\n  topic: \(topic)" }
        // Enough of a log to tell which one it is.
        let letters = target.deadLetterTopic.map { "\ndead_letters: {topic: \($0), content_bytes: 200}" } ?? ""
        let gateway = try await Gateway.start(
            kafka: target.hosts,
            // Short waits, so that much happens within seconds.
            kafkaSettings: "topic: \(target.topic)\nbackoff.init: 100ms\nbackoff.max: 1s\n" + target.settings,
            routes: routes,
            settings: """
                max_len: 8KiB
                loops: \(setting.loops)
                max_in_flight: \(setting.maxInFlight)MiB
                drain: \(setting.drain)s\(letters)
                """,
            ready: ready,
            in: workspace
        )
        lives.append(GatewayLife(gateway))
    }

    /// Ends the gateway with a signal; a new one begins when it has ended, while the schedule goes on.
    func end(by signal: Int32) throws {
        guard turn == nil else {
            // It is at its end already. SIGKILL cuts that short, and a second SIGTERM would too.
            if signal == SIGKILL, current.gateway.child.status == nil { current.gateway.child.signal(SIGKILL) }
            return
        }
        current.willEnd()
        if signal == SIGKILL { try tell("port 0") }
        current.gateway.child.signal(signal)
        turn = Task { try await follow() }
    }

    private func follow() async throws {
        let status = try await current.gateway.child.exit(within: .seconds(setting.drain + 120))
        current.didEnd(status)
        try await start(ready: false)
        try tell("port \(current.gateway.port)")
        turn = nil
    }

    /// Waits until a gateway runs that nobody has told to end.
    func settle() async throws { try await turn?.value }

    /// The end of the last one, which has nothing left to do.
    func finish() async throws -> ExitStatus {
        let life = current
        life.willEnd()
        let status = try await life.gateway.stop()
        life.didEnd(status)
        return status
    }
}
