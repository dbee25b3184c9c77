import Gateway
import LogPipeline
import Reactor
import Settings
import Synchronization
import Telemetry

/// What takes settings, certificates and tokens that were read again.
protocol ReloadTarget: Sendable {
    func check(_ update: Gateway.Update) throws(Gateway.UpdateError)
    func expect(_ update: Gateway.Update)
    func update(_ update: Gateway.Update) async throws(Gateway.UpdateError)
    func replaceSecurity(listener: Int, with context: TLSContext)
    func replaceAdmission(_ table: AdmissionTable)
}

extension Gateway: ReloadTarget {}

/// Reads settings, certificates and tokens again and hands them on: the files of certificates and tokens when they have
/// changed, everything when somebody says so. What cannot be used changes nothing.
actor Reloader {
    /// How long a file must stay as it is, and how often one looks.
    static let interval = Duration.seconds(1)
    /// How long a reload waits for Kafka to answer for new topics.
    static let patience = Duration.seconds(3)

    private let source: @Sendable () throws(SettingsErrors) -> Configuration
    private let target: any ReloadTarget
    private let flusher: any Flusher
    private let record: ReloadRecord
    private let logger: Logger
    /// What is in effect.
    private var settings: Settings
    private var watch: FileWatch
    private var last: Task<ReloadVerdict, Never>?
    private var isChangingOver = false
    private nonisolated let drainTime: Mutex<Duration>

    /// - Parameters:
    ///   - settings: what the gateway was started with.
    ///   - source: reads them again.
    ///   - record: is told what came of it.
    init(
        _ settings: Settings,
        watch: FileWatch,
        source: @escaping @Sendable () throws(SettingsErrors) -> Configuration,
        target: any ReloadTarget,
        flusher: any Flusher,
        record: ReloadRecord,
        logger: Logger
    ) {
        self.settings = settings
        drainTime = Mutex(settings.drain)
        self.watch = watch
        self.source = source
        self.target = target
        self.flusher = flusher
        self.record = record
        self.logger = logger
    }

    /// How long a graceful end may take, by the settings of now. Waits for no file.
    nonisolated var drain: Duration { drainTime.withLock { $0 } }

    /// Looks at the files until cancelled.
    func run() async {
        while (try? await Task.sleep(for: Self.interval)) != nil { lookAgain() }
    }

    /// Reads what has changed and has stopped changing.
    func lookAgain() {
        // The loops are between two sets of routes, and one table fits only one of them.
        guard !isChangingOver else { return }
        for change in watch.changes(FileStamp.of) {
            let isUsed = make(change)
            record.read(change.part, isUsed: isUsed)
            guard isUsed else { continue }
            logger.info("reloaded", ["what": change.part.name, "files": change.files.joined(separator: ", ")])
        }
    }

    /// SIGHUP and `sluice reload`: reads everything, changed or not. One reload after the other.
    func reload() async -> ReloadVerdict {
        let before = last
        let task = Task {
            _ = await before?.value
            return await reloadNow()
        }
        last = task
        return await task.value
    }

    /// What a reload would change.
    func trial() -> ReloadVerdict {
        do throws(ReloadRefusal) {
            let reading = try Reading(source, over: settings)
            try ask(reading)
            return .done(reading.findings(settings))
        } catch {
            return error.verdict
        }
    }

    private func reloadNow() async -> ReloadVerdict {
        isChangingOver = true
        defer { isChangingOver = false }
        let findings: ReloadVerdict.Findings
        do throws(ReloadRefusal) {
            findings = try await changeOver()
        } catch {
            for line in error.lines { logger.error("reload.failed", ["detail": line]) }
            // What a gateway that ends does not read is no fault of the settings.
            if !error.isDraining { record.refused() }
            return error.verdict
        }
        record.reloaded()
        say(findings)
        return .done(findings)
    }

    /// Asks everybody who could refuse, and changes nothing.
    private func ask(_ reading: Reading) throws(ReloadRefusal) {
        let update: Gateway.Update
        do throws(FlusherError) {
            update = try Gateway.Update(foreseeing: reading.settings, entrance: reading.entrance, flusher: flusher)
        } catch {
            throw ReloadRefusal(lines: [error.description])
        }
        do throws(Gateway.UpdateError) {
            try target.check(update)
        } catch {
            throw ReloadRefusal(error)
        }
    }

    /// Makes everything that is new; when all of it is there, it takes the place of the old.
    private func changeOver() async throws(ReloadRefusal) -> ReloadVerdict.Findings {
        let reading = try Reading(source, over: settings)
        // A topic that the flusher knows is one for good.
        try ask(reading)
        var findings = reading.findings(settings)
        let update: Gateway.Update
        do throws(FlusherError) {
            update = try Gateway.Update(reading.settings, entrance: reading.entrance, flusher: flusher)
        } catch {
            throw ReloadRefusal(lines: [error.description])
        }
        target.expect(update)
        findings.warnings += await answers(for: update.topics + update.deadLetterTopics)
        do throws(Gateway.UpdateError) {
            try await target.update(update)
        } catch {
            throw ReloadRefusal(error)
        }
        drainTime.withLock { $0 = reading.settings.drain }
        logger.setMinimum(Logger.Level(reading.settings.logging.level))
        settings = reading.settings
        watch = reading.watch
        return findings
    }

    /// Waits until Kafka has answered for topics of which nothing is known yet: routes that change over to them before
    /// would turn clients away.
    private func answers(for topics: [(TopicIndex, String)]) async -> [String] {
        let clock = ContinuousClock()
        let deadline = clock.now + Self.patience
        // The first answer about a topic that brokers create when it is asked for is that it is not there.
        func isComing(_ topic: (TopicIndex, String)) -> Bool {
            guard case .unhealthy(let reason, _) = flusher.health(of: topic.0) else { return false }
            return ["starting", "unknown_topic", "no_leader"].contains(reason)
        }
        while topics.contains(where: isComing), clock.now < deadline {
            try? await Task.sleep(for: .milliseconds(10))
        }
        return topics.compactMap { topic, name in
            guard case .unhealthy(let reason, let detail) = flusher.health(of: topic) else { return nil }
            return "topic \(name): \(reason): \(detail)"
        }
    }

    private func say(_ findings: ReloadVerdict.Findings) {
        for warning in findings.warnings { logger.warning("settings.warning", ["detail": warning]) }
        for change in findings.changes {
            let event = change.effect == .live ? "setting.changed" : "setting.needs_restart"
            logger.log(
                change.effect == .live ? .info : .warning,
                event,
                ["setting": change.key, "change": change.text]
            )
        }
        let pending = findings.changes.count { $0.effect == .restart }
        logger.info(
            "reloaded",
            [
                "changed": String(findings.changes.count - pending), "need_restart": String(pending),
                "files": findings.files.joined(separator: ", "),
            ]
        )
    }
}

// Files that have changed by themselves.
extension Reloader {
    /// - Returns: whether what the files hold could be used.
    private func make(_ change: FileWatch.Change) -> Bool {
        do throws(ConfigurationFaults) {
            switch change.part {
            case .security(let listener): try replaceSecurity(listener)
            case .admission: target.replaceAdmission(try AdmissionTable(settings))
            }
            return true
        } catch {
            for fault in error.faults {
                logger.error("reload.failed", ["setting": fault.setting, "detail": fault.detail])
            }
            return false
        }
    }

    private func replaceSecurity(_ listener: Int) throws(ConfigurationFaults) {
        guard let tls = settings.listeners[listener].tls else { return }
        let context: TLSContext
        do throws(ConfigurationFault) {
            context = try TLSContext.server(tls, listener: listener)
        } catch {
            throw ConfigurationFaults(faults: [error])
        }
        for warning in context.warnings {
            logger.warning("settings.warning", ["setting": "listeners[\(listener)].ssl", "detail": warning])
        }
        target.replaceSecurity(listener: listener, with: context)
    }
}

/// Why nothing was changed.
struct ReloadRefusal: Error {
    let lines: [String]
    var isDraining = false

    var verdict: ReloadVerdict { isDraining ? .draining : .refused(lines) }
}

extension ReloadRefusal {
    fileprivate init(_ error: Gateway.UpdateError) {
        self.init(lines: [error.description], isDraining: error == .draining)
    }
}

/// The settings and all that they name, read and found good.
private struct Reading {
    /// What will hold.
    let settings: Settings
    let entrance: Entrance
    let watch: FileWatch
    /// What the source says, also of what takes a restart.
    private let wanted: Settings
    private let warnings: [String]

    /// - Parameter running: what of it cannot change stays.
    init(
        _ source: () throws(SettingsErrors) -> Configuration,
        over running: Settings
    ) throws(ReloadRefusal) {
        let configuration: Configuration
        do throws(SettingsErrors) {
            configuration = try source()
        } catch {
            throw ReloadRefusal(lines: error.errors.map(\.description))
        }
        wanted = configuration.settings
        guard Destination(running.output).name == Destination(wanted.output).name else {
            let line = "output: another kind of it takes a restart, and topics of the one are none of the other's"
            throw ReloadRefusal(lines: [line])
        }
        settings = running.adopting(configuration.settings)
        // Looked at before they are read, so that no change between the two goes unnoticed.
        watch = FileWatch(settings, look: FileStamp.of)
        let findings = configuration.findings()
        guard findings.errors.isEmpty else { throw ReloadRefusal(lines: findings.errors) }
        // Some of the file waits for a restart: the rest has to go together with what stays.
        let contradictions = settings.contradictions()
        guard contradictions.isEmpty else {
            throw ReloadRefusal(
                lines: contradictions.map { "\($0) (together with what takes effect after a restart only)" }
            )
        }
        warnings = findings.warnings
        do throws(ConfigurationFaults) {
            entrance = try Entrance(settings)
        } catch {
            throw ReloadRefusal(lines: error.faults.map(configuration.describe))
        }
    }

    func findings(_ running: Settings) -> ReloadVerdict.Findings {
        ReloadVerdict.Findings(changes: running.changes(to: wanted), files: watch.parts.map(\.name), warnings: warnings)
    }
}

extension FileWatch.Part {
    /// As the settings call it.
    var name: String {
        switch self {
        case .security(let listener): "listeners[\(listener)].ssl"
        case .admission: "auth"
        }
    }
}
