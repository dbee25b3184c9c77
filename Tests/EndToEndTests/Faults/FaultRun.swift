import Foundation
import Glibc

/// Plays a schedule and looks at what it has left.
struct FaultRun {
    struct Outcome {
        /// Sentences; none where everything is as promised.
        var faults: [String] = []
        var counts: [String: Int] = [:]
    }

    /// A client program and the journal that it writes at its end.
    private struct Fleet {
        let name: String
        let child: Child
        let journal: URL
        let isAcked: Bool
    }

    let schedule: FaultSchedule
    let target: any FaultTarget
    let workspace: Workspace

    func play() async throws -> Outcome {
        let clock = ContinuousClock()
        let lives = GatewayLives(schedule.setting, on: target, in: workspace)
        let first = try await lives.begin()
        let before = try Resources(of: first.gateway)
        let fleets = try startFleets()
        try await lives.serve(fleets.map(\.child))

        let scraping = Task {
            while !Task.isCancelled {
                await lives.current.scrape()
                try await Task.sleep(for: .milliseconds(150))
            }
        }
        defer { scraping.cancel() }
        try await perform(fleets, lives)
        try await target.mend()
        try await lives.settle()
        let mended = clock.now
        try await lives.current.gateway.ready(within: .seconds(240))
        let ready = clock.now
        // New logs must pass, not only those that had to wait.
        try await Task.sleep(for: .seconds(1))
        for fleet in fleets { try fleet.child.tell("finish") }
        for fleet in fleets {
            let status = try await fleet.child.exit(within: .seconds(240))
            guard status == .code(0) else { throw Failure("\(fleet.name): \(status) \(fleet.child.errors)") }
        }
        let last = await lives.current
        try await comesToRest(last)
        var outcome = Outcome()
        outcome.counts["milliseconds to ready"] = Int((ready - mended) / .milliseconds(1))
        outcome.counts["milliseconds to settled"] = Int((clock.now - mended) / .milliseconds(1))
        outcome.faults += try await leaks(last, before)
        last.scrape()
        scraping.cancel()
        outcome.counts["processor milliseconds"] = Int(try last.gateway.processorTime() / .milliseconds(1))
        if try await lives.finish() != .code(0) { outcome.faults.append("the end: \(last.gateway.child.errors)") }
        try await judge(fleets, await lives.all, &outcome)
        return outcome
    }

    private func comesToRest(_ life: GatewayLife) async throws {
        try await eventually("everything received is settled") { try life.gateway.metrics().inFlight == 0 }
        guard target.deadLetterTopic != nil else { return }
        try await eventually("every dropped log is told of, or counted as lost") {
            let metrics = try life.gateway.metrics()
            return metrics.dropped == metrics.deadLetters("sent") + metrics.deadLetters("lost")
        }
    }

    private func perform(_ fleets: [Fleet], _ lives: GatewayLives) async throws {
        let start = ContinuousClock().now
        for step in schedule.steps {
            try await Task.sleep(until: start + .milliseconds(step.at))
            switch step.fault {
            case .reset(let client): try tell(fleets, "reset \(client)")
            case .cut(let client): try tell(fleets, "cut \(client)")
            case .close(let client): try tell(fleets, "close \(client)")
            case .endGateway: try await lives.end(by: SIGTERM)
            case .killGateway: try await lives.end(by: SIGKILL)
            default: try await target.perform(step.fault)
            }
        }
        try await Task.sleep(until: start + .milliseconds(schedule.end))
    }

    private func tell(_ fleets: [Fleet], _ command: String) throws {
        for fleet in fleets { try fleet.child.tell(command) }
    }
}

// Who sends.
extension FaultRun {
    private func startFleets() throws -> [Fleet] {
        let setting = schedule.setting
        var fleets = [
            try fleet("plain", "flaky.py", setting.plainClients, setting.plainRate),
            try fleet("acked", "acked.py", setting.ackedClients, setting.ackedRate),
            try fleet("session", "acked.py", setting.sessionClients, setting.ackedRate, ["--session"]),
        ]
        if target.shortLivedTopic != nil {
            fleets.append(try fleet("short", "flaky.py", 2, 100, ["--path", "/short"]))
        }
        return fleets
    }

    private func fleet(
        _ name: String,
        _ program: String,
        _ clients: Int,
        _ rate: Int,
        _ more: [String] = []
    ) throws -> Fleet {
        let journal = workspace.fresh("\(name).journal")
        let words = [
            "--run", name, "--clients", "\(clients)", "--rate", "\(rate)", "--seed", "\(schedule.seed)", "--journal",
            journal.path,
        ]
        return Fleet(
            name: name,
            child: try Tool.client(program, words + more, in: workspace),
            journal: journal,
            isAcked: program == "acked.py"
        )
    }
}

// What is left.
extension FaultRun {
    /// What the gateway holds now beyond what it held before there was a client.
    private func leaks(_ life: GatewayLife, _ before: Resources) async throws -> [String] {
        // A producer that was replaced takes its time to go, and brokers are connected to when needed.
        let allowance = 3 * FaultSchedule.brokers
        do {
            try await eventually("nothing is left over") {
                let now = try Resources(of: life.gateway)
                let connections = try life.gateway.metrics().sum("sluice_connections")
                return connections == 0 && now.descriptors <= before.descriptors + allowance
                    && now.threads <= before.threads + allowance
            }
        } catch {
            let connections = try life.gateway.metrics().sum("sluice_connections")
            return ["it holds \(try Resources(of: life.gateway)) and \(connections) connections, at first \(before)"]
        }
        let bound = before.residentBytes + (schedule.setting.maxInFlight + 64) << 20
        guard life.peakResidentBytes <= bound else {
            return ["its resident memory was \(life.peakResidentBytes) bytes, at first \(before)"]
        }
        return []
    }

    private func judge(_ fleets: [Fleet], _ lives: [GatewayLife], _ outcome: inout Outcome) async throws {
        for (number, life) in lives.enumerated() {
            outcome.faults += life.faults.map { "life \(number): \($0)" }
        }
        let accounts = lives.map { $0.account(target.shortLivedTopic == nil ? nil : target.topic) }
        let records = try await target.read(target.topic, in: workspace)
        let main = fleets.filter { $0.name != "short" }
        let question = FaultCase(
            records: records.path,
            grown: schedule.steps.count { if case .grow = $0.fault { true } else { false } },
            sequences: target.checksSequences,
            plain: journals(main.filter { !$0.isAcked }),
            acked: journals(main.filter(\.isAcked)),
            short: try await short(fleets),
            letters: try await letters(),
            lives: accounts
        )
        let verdict = try await question.judge(in: workspace)
        outcome.faults += verdict.faults
        outcome.counts.merge(verdict.counts) { old, _ in old }
        outcome.counts["lives"] = lives.count
        outcome.counts["scrapes"] = lives.map(\.scrapes).reduce(0, +)
        outcome.counts["uncertain"] = accounts.map(\.uncertain).reduce(0, +)
        outcome.counts["reordered"] = accounts.map(\.reordered).reduce(0, +)
    }

    private func letters() async throws -> String? {
        guard let topic = target.deadLetterTopic else { return nil }
        return try await target.read(topic, in: workspace).path
    }

    private func short(_ fleets: [Fleet]) async throws -> FaultCase.Short? {
        guard let topic = target.shortLivedTopic else { return nil }
        let records = try await target.read(topic, in: workspace)
        return FaultCase.Short(records: records.path, plain: journals(fleets.filter { $0.name == "short" }))
    }

    private func journals(_ fleets: [Fleet]) -> [String: String] {
        Dictionary(uniqueKeysWithValues: fleets.map { ($0.name, $0.journal.path) })
    }
}
